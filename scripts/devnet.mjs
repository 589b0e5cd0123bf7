/** `npm run devnet`: installs what is missing and starts the local network alone. `--chain name` chooses the chain; all other options are the network's. */

import { pathToFileURL } from 'node:url';
import { chosenChain } from './local-network.mjs';
import { ensureInstalled } from './setup.mjs';

const chosen = chosenChain(process.argv.slice(2));
ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
// The network reads its options from here.
process.argv.splice(2, Infinity, ...chosen.rest);
await import(pathToFileURL(chosen.main).href);
