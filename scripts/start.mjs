/**
 * `npm start`: installs what is missing, builds the app if its sources have changed, starts the local network (the same chain as last time) and serves the build.
 * `--page-port n` chooses the page's port (default 5210); `--chain name` the chain (default `albatross`); every other option
 * goes to the local network (`npm run devnet -- --help`).
 */

import { runLocal } from './run-local.mjs';

await runLocal('npm start');
