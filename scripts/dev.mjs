/** `npm run dev`: the local network and Vite's hot-reloading server. The security headers are not sent here (Vite's refresh code is inline). */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, packageBin, root } from './setup.mjs';

ensureInstalled();
const run = (...args) => spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'inherit', 'inherit'] });
const children = [
  spawn(process.execPath, ['--import', 'tsx', join(root, 'devnet', 'main.ts'), '--data', join(root, '.petrel', 'devnet'), ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['pipe', 'ignore', 'inherit'],
  }),
  run(packageBin('vite')),
];
let ending = false;
const end = (code) => {
  if (ending) return;
  ending = true;
  process.exitCode = code;
  for (const child of children) child.kill('SIGINT');
};
for (const child of children) child.on('exit', (code) => end(code ?? 0));
process.on('SIGINT', () => end(0));
process.on('SIGTERM', () => end(0));
