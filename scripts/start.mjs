/**
 * `npm start`: installs what is missing, builds the app if its sources have changed, starts the local network (the same chain as last time) and serves the build.
 * `--page-port n` chooses the page's port (default 5210); every other option goes to the local network (`npm run devnet -- --help`).
 */

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { keptBuild, stateOfSources } from './kept-build.mjs';
import { serve } from './serve.mjs';
import { ensureInstalled, packageBin, root } from './setup.mjs';

/** The first of the ports that unit-albatross names as seeds. */
const usualPort = 8650;

// `--name=value` is `--name value`, here as for the local network.
const options = process.argv.slice(2).flatMap((argument) => (/^--[\w-]+=/u.test(argument) ? [argument.slice(0, argument.indexOf('=')), argument.slice(argument.indexOf('=') + 1)] : [argument]));
const at = options.indexOf('--page-port');
const portText = at < 0 ? '5210' : (options.splice(at, 2)[1] ?? '');
const pagePort = Number(portText);
if (!/^\d{1,5}$/u.test(portText) || pagePort > 65535) fail(`--page-port takes a port number, 0 to 65535; got '${portText}'.`, 2);
if (options.includes('--help')) {
  process.stdout.write('npm start -- [--page-port n] [options of the local network, see npm run devnet -- --help]\n');
  process.exit(0);
}

ensureInstalled();
const { tsImport } = await import('tsx/esm/api');
const { parseOptions } = await tsImport('../devnet/options.ts', import.meta.url);
try {
  parseOptions(options);
} catch (error) {
  fail(error.message, 2);
}

const directory = keptBuild({
  home: join(root, '.petrel', 'builds'),
  state: stateOfSources(root),
  build(folder) {
    process.stdout.write('Building the app ...\n');
    const built = spawnSync(process.execPath, [packageBin('vite'), 'build', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir'], { cwd: root, stdio: 'inherit' });
    if (built.status !== 0) fail('The build failed.', 1);
  },
});

const fileAt = options.indexOf('--network-file');
const networkFile = fileAt < 0 ? undefined : options[fileAt + 1];
const files = networkFile === undefined ? {} : { '/local-network.json': () => readFileSync(networkFile, 'utf8') };
const network = startNetwork(options);
const page = await serve({ directory, port: pagePort, files }).catch((error) => {
  network.kill('SIGINT');
  return fail(error.code === 'EADDRINUSE' ? `Port ${pagePort} is in use; choose another with --page-port.` : error.message, 2);
});

let ending = false;
let since = 0;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
network.on('exit', (code) => {
  if (ending) return;
  ending = true;
  void page.close().then(() => process.exit(code ?? 1));
});

/** The network is a child: it is told to end, and the page's server with it. A second Ctrl-C does not wait; npm may send the first one twice. */
function end() {
  if (ending && Date.now() - since > 1000) process.exit(1);
  if (ending) return;
  ending = true;
  since = Date.now();
  network.once('exit', (code) => void page.close().then(() => process.exit(code ?? 0)));
  network.kill('SIGINT');
}

function startNetwork(rest) {
  const data = rest.includes('--data') ? [] : ['--data', join(root, '.petrel', networkFile === undefined ? 'devnet' : 'own-network')];
  // Its own process group would outlive us; a terminal's Ctrl-C reaches both, and the network takes the second one calmly.
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'devnet', 'main.ts'), ...data, ...rest], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parse(line);
    if (event?.event === 'started') announce(event);
    if (event?.event === 'block' && event.type === 'election') process.stdout.write(`  election block ${event.height}\n`);
  });
  return child;
}

function announce({ network: name, peers, head, relay }) {
  const relayed = relay ? `\n  Relay:         ${relay.address}` : '';
  process.stdout.write(`\n  Local network: ${name}, ${peers.length} peers, head ${head.height}${relayed}\n  Petrel:        ${page.url}${withRelay(query(peers), relay)}\n\n  Ctrl-C ends both.\n\n`);
}

/** Where there is a relay the page is told of it. */
function withRelay(rest, relay) {
  if (!relay) return rest;
  return `${rest || '?network=unit-albatross'}&${new URLSearchParams({ relays: relay.address })}`;
}

/** The page finds a network on the usual ports by itself; any other is named in the address. A network file names its own seeds. */
function query(peers) {
  if (networkFile !== undefined) return '?network=/local-network.json';
  if (peers[0]?.port === usualPort) return '';
  return `?${new URLSearchParams({ network: 'unit-albatross', seeds: peers.map(({ address }) => address).join(',') })}`;
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function fail(message, code) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
