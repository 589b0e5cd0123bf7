import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyHistory, ensureHistory, type HistoryOptions } from './history.ts';
import { createDevnet } from '../../devnet/devnet.ts';

const SHORT: HistoryOptions = { seed: 'short history', epochs: 1, validators: 1, version: 2 };
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'histories-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const chainOf = (directory: string): string => readFileSync(join(directory, 'chain.bin')).toString('base64');

it('makes a history once, even when two callers want it at once, and another history beside it', async () => {
  const [one, two] = await Promise.all([ensureHistory(SHORT, dir), ensureHistory(SHORT, dir)]);
  expect(one).toBe(two);
  const made = statSync(join(one, 'chain.bin')).ino;
  expect(await ensureHistory(SHORT, dir)).toBe(one);
  expect(statSync(join(one, 'chain.bin')).ino).toBe(made);
  expect(await ensureHistory({ ...SHORT, seed: 'another' }, dir)).not.toBe(one);
  // No locks and no unfinished histories are left.
  expect(readdirSync(dir)).toHaveLength(2);
});

it('makes an identical history anew when it is damaged', async () => {
  const original = await ensureHistory(SHORT, dir);
  const whole = chainOf(original);
  const damages = [() => appendFileSync(join(original, 'chain.bin'), '.'), () => rmSync(join(original, 'seal.json'))];
  for (const damage of damages) {
    damage();
    expect(chainOf(await ensureHistory(SHORT, dir))).toBe(whole);
    expect(readdirSync(original).toSorted()).toEqual(['chain.bin', 'identity.json', 'seal.json', 'voting-keys.bin']);
  }
});

it('takes over the lock of a process that has ended', async () => {
  const original = await ensureHistory(SHORT, dir);
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(`${original}.lock`, String(pid));
  expect(await ensureHistory(SHORT, dir)).toBe(original);
  writeFileSync(`${original}.lock`, '');
  expect(await ensureHistory(SHORT, dir)).toBe(original);
  expect(readdirSync(dir).filter((file) => file.endsWith('.lock'))).toEqual([]);
});

it('gives copies that a devnet can continue', async () => {
  const data = join(dir, 'copy');
  await copyHistory(SHORT, data, dir);
  const original = await ensureHistory(SHORT, dir);
  const before = chainOf(original);
  const devnet = await createDevnet({ port: 0, peers: 1, blockTime: 0, data, validators: SHORT.validators });
  expect(devnet.info()).toMatchObject({ version: 2, electionHead: { height: 328 } });
  await devnet.produce(3);
  await devnet.close();
  expect(chainOf(original)).toBe(before);
  expect(chainOf(data)).not.toBe(before);
});
