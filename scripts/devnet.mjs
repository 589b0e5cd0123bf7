/** `npm run devnet`: installs what is missing and starts the local network alone. `--chain name` chooses the chain; all other options are the network's. */

import { pathToFileURL } from 'node:url';
import { apart, takeChain } from './chain-option.mjs';
import { fail } from './local-network.mjs';
import { ensureInstalled } from './setup.mjs';

let chosen;
try {
  chosen = takeChain(apart(process.argv.slice(2)));
} catch (error) {
  fail(error.message, 2);
}
ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
// The network reads its options from here.
process.argv.splice(2, Infinity, ...chosen.rest);
await import(pathToFileURL(chosen.main).href);
