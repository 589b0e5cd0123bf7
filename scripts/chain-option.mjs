/** `--chain name`: which chain's local network is started. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** Where each chain's local network begins. Those of the other chains take `--port --block-time --seed --network-file`. */
const mains = { albatross: 'devnet/main.ts', hotstuff2: 'devnet/hotstuff2/main.ts', moloch: 'devnet/moloch/main.ts', stacks: 'devnet/stacks/main.ts' };

export const chainNames = Object.keys(mains);

/**
 * Takes `--chain` out of the arguments.
 * @param {readonly string[]} given each option and its value in an element of its own.
 * @returns {{ chain: string, main: string, rest: string[] }} `main`: absolute path of the file that starts the network.
 * @throws {Error} whose message tells a person what is wrong.
 */
export function takeChain(given) {
  const rest = [...given];
  const at = rest.indexOf('--chain');
  const chain = at < 0 ? 'albatross' : (rest.splice(at, 2)[1] ?? '');
  if (rest.includes('--chain')) throw new Error('--chain may be given once.');
  if (!Object.hasOwn(mains, chain)) throw new Error(`--chain takes ${chainNames.join(', ')}; got '${chain}'.`);
  const main = join(root, mains[chain]);
  if (!existsSync(main)) throw new Error(`--chain ${chain}: this release has no local network of that chain (${mains[chain]}).`);
  return { chain, main, rest };
}

/** `--name=value` is `--name value`. */
export function apart(given) {
  return given.flatMap((argument) => (/^--[\w-]+=/u.test(argument) ? [argument.slice(0, argument.indexOf('=')), argument.slice(argument.indexOf('=') + 1)] : [argument]));
}
