/** Finds a Chromium for the tests, or installs one if possible. Has no dependencies. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { packageBin, root } from './setup.mjs';

/** Milliseconds; for a machine without a network. */
const APT_LIMIT = 300_000;
const shell = '/usr/bin/chromium-headless-shell';
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Returns the path of a Chromium. If there is none, returns undefined and writes the three ways to get one to stderr. */
export function ensureChromium() {
  const found = findChromium() ?? installWithApt() ?? installWithPlaywright();
  if (!found) {
    process.stderr.write(
      'No Chromium was found and none could be installed. Any one of these helps:\n' +
        '  1. install Chromium or Chrome with the system\'s own installer (Debian: apt-get install chromium)\n' +
        '  2. npx playwright install chromium\n' +
        '  3. set PETREL_CHROMIUM to the path of a Chromium\n',
    );
  }
  return found;
}

/**
 * The path of Debian's Chromium without windows. Playwright uses such a build by default: its processes need a third less processor time.
 * Undefined if the tests have another Chromium than Debian's, or if this build can neither be found nor installed. Then the tests run in the whole browser.
 * @param {string} chromium The path of the whole browser.
 */
export function headlessShell(chromium) {
  if (chromium !== '/usr/bin/chromium' || process.env.PETREL_CHROMIUM) return undefined;
  if (!existsSync(shell) && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write('Installing Chromium without windows (apt-get install chromium-headless-shell) ...\n');
    if (!aptGet('install', '-y', '--no-install-recommends', 'chromium-headless-shell') && aptGet('update')) aptGet('install', '-y', '--no-install-recommends', 'chromium-headless-shell');
  }
  return existsSync(shell) ? shell : undefined;
}

function findChromium() {
  const named = process.env.PETREL_CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  return usualPlaces.find((path) => existsSync(path)) ?? playwrightsOwn();
}

function playwrightsOwn() {
  try {
    const path = createRequire(`${root}/package.json`)('@playwright/test').chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function installWithApt() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return undefined;
  process.stdout.write('Installing Chromium (apt-get install chromium) ...\n');
  if (!aptGet('update') || !aptGet('install', '-y', '--no-install-recommends', 'chromium')) return undefined;
  return findChromium();
}

function aptGet(...args) {
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const [command = '', ...rest] = [...prefix, 'apt-get', ...args];
  return spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: APT_LIMIT }).status === 0;
}

function installWithPlaywright() {
  process.stdout.write('Installing Chromium (playwright install chromium) ...\n');
  spawnSync(process.execPath, [packageBin('@playwright/test', 'playwright'), 'install', 'chromium'], { cwd: root, stdio: 'inherit' });
  return playwrightsOwn();
}
