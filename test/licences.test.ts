import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Licences that an Apache-2.0 product may ship. */
const accepted = /^(?:MIT|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|Unlicense|WTFPL|CC0-1\.0|BlueOak-1\.0\.0|Python-2\.0)$/u;

/** `A OR B`: one accepted licence is enough. `A AND B`: both must be accepted. */
function isAccepted(licence: string): boolean {
  return licence
    .replaceAll(/[()]/gu, '')
    .split(/\s+OR\s+/u)
    .some((choice) => choice.split(/\s+AND\s+/u).every((name) => accepted.test(name.trim())));
}

it('ships no package whose licence is incompatible with Apache-2.0', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean; optional?: boolean; link?: boolean; license?: string }> };
  const shipped = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.dev && !entry.link);
  expect(shipped.length).toBeGreaterThan(10);
  const wrong = shipped.filter(([, entry]) => !isAccepted(entry.license ?? 'unknown')).map(([path, entry]) => `${path}: ${entry.license ?? 'unknown'}`);
  expect(wrong).toEqual([]);
});
