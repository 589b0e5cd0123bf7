/**
 * `npm run dev`: the local network and Vite's hot-reloading server. The security headers are not sent here (Vite's refresh code is inline).
 * `--page-port n` chooses the page's port (default 5173, or the next free one); `--chain name` the chain; every other option goes to the local network.
 */

import { readFileSync } from 'node:fs';
import { announcement, checkOptions, fail, networkFilePath, readArguments, startNetwork } from './local-network.mjs';
import { OwnChildren } from './own-children.mjs';
import { answerText, passCommands } from './pass-commands.mjs';
import { ensureInstalled, root } from './setup.mjs';

const asked = readArguments('npm run dev', process.argv.slice(2));
const { pagePort, networkFile } = asked;
ensureInstalled();
await checkOptions(asked);

let server;
/** The network file as it was when the network started: another local network of the chain may write to the same path. */
let parameters;
const children = new OwnChildren(() => server?.close());
const { createServer } = await import('vite');
/** Builds and chains are no sources: the page is not reloaded for them. */
const kept = ['**/.petrel/**', '**/dist/**'];
const ownNetwork = {
  name: 'own-network',
  configureServer: ({ middlewares }) => {
    if (networkFile === undefined) return;
    middlewares.use(networkFilePath, (_, response) => {
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.end(parameters ?? readFileSync(networkFile, 'utf8'));
    });
  },
};
server = await createServer({ root, plugins: [ownNetwork], server: { watch: { ignored: kept }, ...(pagePort === undefined ? {} : { port: pagePort, strictPort: true }) } });
await server.listen().catch((error) => fail(/already in use/u.test(error.message) ? `Port ${pagePort} is in use; choose another with --page-port.` : error.message, 2));
const url = server.resolvedUrls?.local[0] ?? '';
const network = children.add(
  startNetwork(asked, (event) => {
    if (event.event === 'started' && networkFile !== undefined) parameters = readFileSync(networkFile, 'utf8');
    if (event.event === 'started') process.stdout.write(announcement(event, url, asked));
    process.stdout.write(answerText(event));
  }),
);
// Vite ends the process at the end of its input, so an input that is not a person's is not read.
if (process.stdin.isTTY) passCommands(network);
network.on('exit', (code) => void children.end(code ?? 1, () => server.close()));
