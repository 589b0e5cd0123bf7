/** The local network as `npm start` and `npm run dev` start it: the arguments of both, and the address at which the page finds the network. */

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { apart, chainNames, takeChain } from './chain-option.mjs';
import { root } from './setup.mjs';

/** The first of the ports that unit-albatross names as seeds. */
const usualPort = 8650;
/** The path at which the page finds the parameters of a network of its own (`--network-file`). */
export const networkFilePath = '/local-network.json';

/**
 * `--page-port n` is the page's; `--chain name` chooses the local network, and every other option is that network's. Ends the process where an
 * argument is wrong. A network of another chain than Albatross always has a network file, because the page has none of its own: in `.petrel`,
 * unless `--network-file` names another. `only`: the one chain that the command knows.
 * @returns {{ chain: string, main: string, pagePort: number | undefined, options: string[], networkFile: string | undefined }} `pagePort`:
 *   undefined if none was asked for. `main`: the file that starts the network.
 */
export function readArguments(command, given, only) {
  const { chain, main, rest: options } = chosenChain(given);
  if (only !== undefined && chain !== only) fail(`${command} takes --chain ${only} only; got '${chain}'.`, 2);
  const at = options.indexOf('--page-port');
  const portText = at < 0 ? undefined : (options.splice(at, 2)[1] ?? '');
  if (portText !== undefined && (!/^\d{1,5}$/u.test(portText) || Number(portText) > 65535)) fail(`--page-port takes a port number, 0 to 65535; got '${portText}'.`, 2);
  if (options.includes('--help')) {
    process.stdout.write(`${command} -- [--chain ${only ?? chainNames.join('|')}] [--page-port n] [options of the local network, see npm run devnet --${chain === 'albatross' ? '' : ` --chain ${chain}`} --help]\n`);
    process.exit(0);
  }
  if (chain !== 'albatross' && !options.includes('--network-file')) options.push('--network-file', join(root, '.petrel', `${chain}.json`));
  const fileAt = options.indexOf('--network-file');
  return { chain, main, pagePort: portText === undefined ? undefined : Number(portText), options, networkFile: fileAt < 0 ? undefined : options[fileAt + 1] };
}

/** As `takeChain`, of arguments as a person gives them. Ends the process where `--chain` is wrong. */
export function chosenChain(given) {
  try {
    return takeChain(apart(given));
  } catch (error) {
    return fail(error.message, 2);
  }
}

/** Ends the process where the local network would refuse its options. Needs the packages. Networks of other chains than Albatross check their own when they start. */
export async function checkOptions({ chain, options }) {
  if (chain !== 'albatross') return;
  const { tsImport } = await import('tsx/esm/api');
  const { parseOptions } = await tsImport('../devnet/options.ts', import.meta.url);
  try {
    parseOptions(options);
  } catch (error) {
    fail(error.message, 2);
  }
}

/**
 * Where the chain of a local network is kept: a folder of its own for other ports than the usual ones, because two networks in one folder would mix their blocks.
 * @param {{ options: readonly string[], networkFile: string | undefined }} asked `options`: of the local network.
 */
export function dataFolder({ options, networkFile }) {
  const port = Number(options[options.lastIndexOf('--port') + 1]);
  const own = !options.includes('--port') || port === usualPort ? '' : `-${port}`;
  return join(root, '.petrel', `${networkFile === undefined ? 'devnet' : 'own-network'}${own}`);
}

/**
 * `onEvent` gets what it tells: JSON objects, one a line. Used of them are `{ event: 'started', network, … }`, once, after the network file is written,
 * and `{ event: 'block', height, type }`. `network` is the network's name, or its parameters with `name` and `seeds`. The nodes are listed under `peers`
 * (Albatross: each with `address` and `port`) or `replicas`; `head.height`, `relay` and `accounts` are optional. The network ends by SIGTERM or SIGINT; with
 * exit code 2 if an option is wrong, which it says on stderr. The chain of Albatross is kept between starts.
 */
export function startNetwork({ chain, main, options, networkFile }, onEvent) {
  const data = chain !== 'albatross' || options.includes('--data') ? [] : ['--data', dataFolder({ options, networkFile })];
  if (chain !== 'albatross') mkdirSync(join(root, '.petrel'), { recursive: true });
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...data, ...options], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parse(line);
    if (event) onEvent(event);
  });
  return child;
}

/** By chain: what its commands call a node, and what its page can read at the start, a line each. */
const ofChain = {
  albatross: () => ['peer'],
  hotstuff2: () => ['replica', 'the value of the key genesis'],
  moloch: () => ['node', 'the events of a block, on the page of that block'],
  stacks: ({ contract, tokenOwner, transaction }) =>
    contract === undefined
      ? ['gateway']
      : ['gateway', 'each of these accounts', `of the contract ${contract}: the variables counter and greeting, the map notes (key { id: u1 }),`, `  the token gold and the asset u1 of badge, which ${tokenOwner} owns`, `the transaction ${transaction}`],
};

/**
 * What a person is told when the network has started. `url`: the page's, with a slash at its end. `more`: lines of the caller, each with its end.
 * The wallet is named for Albatross only.
 */
export function announcement(started, url, { chain, networkFile }, more = '') {
  const { network, relay, accounts = [], head, replicas, peers = replicas ?? network.seeds ?? [] } = started;
  const relayed = relay ? `\n  Relay:         ${relay.address}` : '';
  const funded = accounts.map(({ address, privateKey }) => `\n  Account:       ${address}, private key ${privateKey} (for development only)`).join('');
  const query = pageQuery(peers, relay, networkFile);
  const wallet = chain === 'albatross' ? `\n  Wallet:        ${url}wallet${query}` : '';
  const at = head ? `, head ${head.height}` : '';
  const name = typeof network === 'string' ? network : network.name;
  const [node, ...read] = ofChain[chain](started);
  const addresses = peers.map((peer) => `\n                 ${peer.address ?? peer}`).join('');
  const readable = read.map((line, at) => `\n  ${at === 0 ? 'To read:' : '        '}       ${line}`).join('');
  return `\n  Local network: ${name}, ${peers.length} ${peers.length === 1 ? node : `${node}s`}${at}${addresses}${relayed}${funded}${readable}\n  Petrel:        ${url}${query}${wallet}\n${more}
  Commands of the network can be typed here, as {"do":"stop","${node}":0} and {"do":"start","${node}":0};
  npm run devnet --${chain === 'albatross' ? '' : ` --chain ${chain}`} --help lists them. Ctrl-C ends all.\n\n`;
}

/** The page finds a network on the usual ports by itself; any other is named in the address. A network file names its own seeds. */
export function pageQuery(peers, relay, networkFile) {
  const elsewhere = peers[0]?.port === usualPort ? {} : { network: 'unit-albatross', seeds: peers.map(({ address }) => address).join(',') };
  const fields = { ...(networkFile === undefined ? elsewhere : { network: networkFilePath }), ...(relay ? { relays: relay.address } : {}) };
  // A page that is built for another network still opens this one where it is told of a relay.
  if (relay && !('network' in fields)) fields.network = 'unit-albatross';
  return Object.keys(fields).length === 0 ? '' : `?${new URLSearchParams(fields)}`;
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export function fail(message, code) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
