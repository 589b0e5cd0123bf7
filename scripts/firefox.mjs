/** Finds a Firefox for the tests. None is installed: what was not run is said instead. No dependencies. */

import { existsSync, readFileSync, statSync } from 'node:fs';

const usualPlaces = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** The path of a Firefox, or undefined. `PETREL_FIREFOX` names another, or `none`. */
export function findFirefox() {
  const named = process.env.PETREL_FIREFOX;
  return named ? [named].find((path) => existsSync(path)) : usualPlaces.find((path) => existsSync(path) && !isSnap(path));
}

/** Ubuntu's is a script that starts a snap, which sees no profile under the system's temporary directory. */
function isSnap(path) {
  return statSync(path).size < 10_000 && readFileSync(path, 'latin1').includes('/snap/');
}
