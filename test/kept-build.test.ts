import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptBuild } from '../scripts/kept-build.mjs';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'petrel-kept-'))));
afterEach(() => rmSync(home, { recursive: true }));

const living = new Set<number>();
const builds: string[] = [];
function start(pid: number, state: string): Promise<string> {
  living.add(pid);
  const build = (folder: string) => {
    builds.push(state);
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.html'), state);
  };
  return keptBuild({ home, state, build, pid, isAlive: (other: number) => living.has(other) });
}

it('builds each state once, and does not touch builds that a living process serves', async () => {
  const first = await start(1, 'aaaa');
  expect(await start(2, 'aaaa')).toBe(first);
  const second = await start(3, 'bbbb');
  expect(builds).toEqual(['aaaa', 'bbbb']);
  expect(readFileSync(join(first, 'index.html'), 'utf8')).toBe('aaaa');
  living.delete(1);
  living.delete(2);
  await start(4, 'bbbb');
  expect(existsSync(first)).toBe(false);
  expect(readFileSync(join(second, 'index.html'), 'utf8')).toBe('bbbb');
});

it('leaves nothing of a build that failed or was interrupted', async () => {
  living.add(5);
  await expect(keptBuild({ home, state: 'cccc', pid: 5, isAlive: () => true, build: () => { throw new Error('torn'); } })).rejects.toThrow('torn');
  expect(existsSync(join(home, 'cccc'))).toBe(false);
  mkdirSync(join(home, 'dddd.77'));
  await start(6, 'cccc');
  expect(readdirSync(home).includes('dddd.77')).toBe(false);
});
