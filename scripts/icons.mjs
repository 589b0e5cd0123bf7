/** `node scripts/icons.mjs`: redraws the PNG icons in `public/icons` from the two SVGs, in the Chromium of the tests. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ensureChromium } from './chromium.mjs';
import { root } from './setup.mjs';

/** Pixels of each icon: the two sizes that browsers request, and that of a phone's home screen (which rounds the corners itself). */
const icons = [
  { source: 'icon.svg', name: 'icon-192', size: 192 },
  { source: 'icon.svg', name: 'icon-512', size: 512 },
  { source: 'icons/maskable.svg', name: 'maskable-512', size: 512 },
  { source: 'icons/maskable.svg', name: 'apple-touch-icon', size: 180 },
];

const executablePath = ensureChromium();
if (!executablePath) process.exit(1);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const { source, name, size } of icons) {
  const drawing = readFileSync(join(root, 'public', source), 'utf8');
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${drawing}`);
  await page.screenshot({ path: join(root, 'public', 'icons', `${name}.png`), omitBackground: true });
}
await browser.close();
