/** `npm run screenshots`: builds the app and remakes the pictures in `docs/screenshots`, in a real browser on a local network. */

import { spawnSync } from 'node:child_process';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled, packageBin, root } from './setup.mjs';

ensureInstalled();
const PETREL_CHROMIUM = ensureChromium();
if (!PETREL_CHROMIUM) process.exit(1);
for (const args of [[packageBin('vite'), 'build', '--logLevel', 'warn'], [packageBin('@playwright/test', 'playwright'), 'test']]) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PETREL_CHROMIUM, PETREL_SCREENSHOTS: '1' } });
  if (status !== 0) process.exit(status ?? 1);
}
