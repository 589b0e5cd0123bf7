/** `npm run devnet [-- --chain <name>]`: installs what is missing and starts the local network of a chain alone; without a name, that of Albatross. */

import { ensureInstalled } from './setup.mjs';

const networks = {
  albatross: () => import('../devnet/main.ts'),
  moloch: () => import('../devnet/moloch/main.ts'),
};

/** Takes `--chain <name>` or `--chain=<name>` out of the arguments; the rest is for the network. */
function takeChain() {
  const at = process.argv.findIndex((argument, index) => index > 1 && /^--chain(?:=|$)/.test(argument));
  if (at < 0) return 'albatross';
  const inline = process.argv[at].startsWith('--chain=');
  const [first, second] = process.argv.splice(at, inline ? 1 : 2);
  return inline ? first.slice('--chain='.length) : (second ?? '');
}

const chain = takeChain();
if (!Object.hasOwn(networks, chain)) {
  process.stderr.write(`devnet: --chain takes ${Object.keys(networks).join(' or ')}; got '${chain}'\n`);
  process.exit(2);
}
ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
await networks[chain]();
