/**
 * `npm run chaos -- --seed x --actions 300 --host shared|elected|single`: builds the app and runs `e2e/chaos.spec.ts` on the given
 * host, or on all. Without a seed it chooses one and prints it. The same seed, number and host give the same actions.
 */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled, packageBin, root } from './setup.mjs';

const { values } = parseArgs({ options: { seed: { type: 'string' }, actions: { type: 'string', default: '300' }, host: { type: 'string' } } });
if (!/^[1-9]\d{0,4}$/.test(values.actions)) fail('--actions takes a number from 1 to 99999.');
if (values.host !== undefined && !['shared', 'elected', 'single'].includes(values.host)) fail('--host takes shared, elected or single; without it all three run.');
const seed = values.seed ?? randomBytes(4).toString('hex');

ensureInstalled();
process.stdout.write(`chaos: seed ${seed}, ${values.actions} actions, ${values.host ?? 'all hosts'}\n`);
run('vite', 'vite', ['build', '--logLevel', 'warn']);
const chromium = ensureChromium();
if (!chromium) process.exit(1);
run('@playwright/test', 'playwright', ['test', 'chaos.spec.ts', '--workers=1'], {
  PETREL_CHROMIUM: chromium,
  PETREL_CHAOS_SEED: seed,
  PETREL_CHAOS_ACTIONS: values.actions,
  ...(values.host === undefined ? {} : { PETREL_CHAOS_HOST: values.host }),
});

function run(name, bin, args, env = {}) {
  const { status } = spawnSync(process.execPath, [packageBin(name, bin), ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
