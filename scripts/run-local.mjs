/** What `npm start` and `npm run demo` have in common. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptBuild, stateOfSources } from './kept-build.mjs';
import { announcement, checkOptions, fail, networkFilePath, readArguments, startNetwork } from './local-network.mjs';
import { OwnChildren } from './own-children.mjs';
import { answerText, passCommands } from './pass-commands.mjs';
import { serve } from './serve.mjs';
import { ensureInstalled, packageBin, root } from './setup.mjs';

/**
 * Builds the app if its sources have changed, starts the local network and serves the build.
 * @param {string} command for its help.
 * @param {(local: { event: object, url: string, networkFile: string | undefined }) => Promise<string> | string} [more] called once, when the network has
 *   started; the lines that it returns are a part of the announcement.
 * @param {string} [only] the one chain that the command knows.
 */
export async function runLocal(command, more = () => '', only = undefined) {
  const asked = readArguments(command, process.argv.slice(2), only);
  const { pagePort = 5210, networkFile } = asked;
  ensureInstalled();
  await checkOptions(asked);

  let page;
  const children = new OwnChildren(() => page?.close());

  const directory = await keptBuild({
    home: join(root, '.petrel', 'builds'),
    state: stateOfSources(root),
    async build(folder) {
      process.stdout.write('Building the app ...\n');
      const build = children.add(spawn(process.execPath, [packageBin('vite'), 'build', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }));
      const status = await new Promise((resolve) => build.once('exit', resolve));
      if (!children.ending && status !== 0) fail('The build failed.', 1);
      // Told to end meanwhile: the process ends with the build.
      if (children.ending) await new Promise(() => {});
    },
  });

  // As it was when the network started: another local network of the chain may write to the same path.
  let parameters;
  const files = networkFile === undefined ? {} : { [networkFilePath]: () => parameters ?? readFileSync(networkFile, 'utf8') };
  page = await serve({ directory, port: pagePort, files }).catch((error) => fail(error.code === 'EADDRINUSE' ? `Port ${pagePort} is in use; choose another with --page-port.` : error.message, 2));
  const network = children.add(
    startNetwork(asked, (event) => {
      if (event.event === 'started' && networkFile !== undefined) parameters = readFileSync(networkFile, 'utf8');
      if (event.event === 'started') void Promise.resolve(more({ event, url: page.url, networkFile })).then((text) => process.stdout.write(announcement(event, page.url, asked, text)), (error) => fail(error.message, 2));
      if (event.event === 'block' && event.type === 'election') process.stdout.write(`  election block ${event.height}\n`);
      process.stdout.write(answerText(event));
    }),
  );
  passCommands(network);
  network.on('exit', (code) => void children.end(code ?? 1, () => page.close()));
}
