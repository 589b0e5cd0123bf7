/**
 * `npm run stacks:checkpoint -- --gateway URL [--gateway URL …] --out file`: asks gateways for a confirmed block and the signer set of its cycle, checks the
 * signatures, compares the gateways, and writes a network file whose checkpoint this is. Who uses the file trusts it.
 */

import { runCheckpoint } from './stacks-checkpoint/run-checkpoint.ts';

const { status, text } = await runCheckpoint(process.argv.slice(2));
(status === 0 ? process.stdout : process.stderr).write(text);
process.exitCode = status;
