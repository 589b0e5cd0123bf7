/** Finds a Firefox for the tests. It installs none; without one, the test run names the tests it left out. Has no dependencies. */

import { existsSync, readFileSync, statSync } from 'node:fs';

const usualPlaces = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** The path of a Firefox, or undefined. `PETREL_FIREFOX` sets another path, or `none`. */
export function findFirefox() {
  const named = process.env.PETREL_FIREFOX;
  return named ? [named].find((path) => existsSync(path)) : usualPlaces.find((path) => existsSync(path) && !isSnap(path));
}

/** Ubuntu's Firefox is a script that starts a snap, which cannot read a profile in the system's temporary directory. */
function isSnap(path) {
  return statSync(path).size < 10_000 && readFileSync(path, 'latin1').includes('/snap/');
}
