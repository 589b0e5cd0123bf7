// Tests: `test/stacks/checkpoint.test.ts`.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CodedError } from '../../src/base/coded-error.ts';
import { systemClock } from '../../src/base/system.ts';
import { createHttpGateway } from '../../src/chains/stacks/net/http-gateway.ts';
import { gatewayAddress, gatewayRefusal } from '../../src/chains/stacks/net/gateway-address.ts';
import { HttpGets } from '../../src/network/http/http-gets.ts';
import { verifyAnyInSlices } from '../../src/verify/verify-any-in-slices.ts';
import { CheckpointError } from './checkpoint-error.ts';
import { readEpochs } from './read-epochs.ts';
import { type AskedGateway, takeCheckpoint } from './take-checkpoint.ts';
import { reportOf } from './report.ts';
import { whyNot } from './why-not.ts';

const help = `npm run stacks:checkpoint -- --gateway URL [--gateway URL ...] --out file [--name name] [--development]

Writes a network file for Stacks. Its checkpoint is a confirmed block and the signer set of its cycle, as the gateways name them; all of them must
say the same, and the set must have signed the block. The page and "petrel verify" trust this checkpoint, and nothing else: give several gateways of
different operators, and compare the block's id with a source that you trust.

  --gateway URL   https, or http of this machine; repeat it. They also become the gateways of the file
  --out file      where the network file is written
  --name name     of the network; default: stacks-mainnet or stacks-testnet
  --development   nothing on the network is worth anything: the page says so
`;

/** Bytes of `/v2/pox` at most; a node's has some 10 KB. */
const MAX_POX = 256 * 1024;
/** Milliseconds for all: some dozen requests to each gateway. */
const TIMEOUT = 120_000;

function ask(url: string): AskedGateway {
  const http = new HttpGets({ base: url, fetch, clock: systemClock });
  return {
    gateway: createHttpGateway(url, { fetch, clock: systemClock }),
    epochs: async (signal) => {
      const epochs = readEpochs((await http.json('/v2/pox', { signal, limit: MAX_POX }))?.value);
      if (!epochs) throw new CheckpointError('no-answer', { gateway: url, what: 'the epochs in /v2/pox' });
      return epochs;
    },
  };
}

interface Said {
  /** The exit code: 1: no checkpoint was taken; 2: a wrong argument. */
  readonly status: 0 | 1 | 2;
  readonly text: string;
}

const wrong = (text: string): Said => ({ status: 2, text: `${text}\n\n${help}` });

/** Does what the arguments ask for. Rejects only for what is wrong in this code. */
export async function runCheckpoint(words: readonly string[]): Promise<Said> {
  let values;
  try {
    ({ values } = parseArgs({ args: [...words], options: { gateway: { type: 'string', multiple: true }, out: { type: 'string' }, name: { type: 'string' }, development: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }));
  } catch (error) {
    return wrong((error as Error).message.split('\n')[0] ?? '');
  }
  if (values.help) return { status: 0, text: help };
  const { gateway: given = [], out, name, development = false } = values;
  if (given.length === 0 || out === undefined) return wrong('--gateway and --out are needed.');
  const refused = given.find((url) => gatewayRefusal(url, { allowInsecure: false }) !== undefined);
  if (refused !== undefined) return wrong(`--gateway takes an https address, or an http one of this machine; got '${refused}'.`);
  const urls = [...new Set(given.map((url) => gatewayAddress(url)!.url))];
  try {
    const taken = await takeCheckpoint(urls.map(ask), { name, development, verify: verifyAnyInSlices, signal: AbortSignal.timeout(TIMEOUT) });
    writeFileSync(out, `${JSON.stringify(taken.network, undefined, 2)}\n`);
    return { status: 0, text: `${reportOf(taken, out).join('\n')}\n` };
  } catch (error) {
    if (!(error instanceof CodedError || error instanceof DOMException || (error as { readonly syscall?: unknown }).syscall !== undefined)) throw error;
    return { status: 1, text: `No checkpoint was taken: ${whyNot(error as Error)}\n` };
  }
}
