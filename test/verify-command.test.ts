import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { packageBin } from '../scripts/setup.mjs';
import { fromHex } from '../src/base/bytes.ts';
import { readKeptProofFiles } from './support/kept-proof-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'petrel-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kept = readKeptProofFiles(1);

function fileOf(name: string, change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): string {
  const path = join(folder, `${name.replaceAll(/\W/gu, '-')}.petrel`);
  writeFileSync(path, change(fromHex(kept.find((each) => each.name === name)?.bytes ?? '')));
  return path;
}

function petrel(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [packageBin('tsx'), join(import.meta.dirname, '../bin/petrel.ts'), ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

it('petrel verify says what is proven and ends with 0', () => {
  const { status, stdout, stderr } = petrel('verify', fileOf('contract at a micro block below a skip block'));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^Proven: the account NQ[0-9A-Z ]+ \(htlc\) had 0\.00077 NIM as of block 229\.\n/u);
  expect(stdout).toContain('Final: by macro block 232');
});

it('or why it is not, and ends with 1', () => {
  const refused = petrel('verify', fileOf('version 1: account at a checkpoint, from genesis', (bytes) => bytes.with(60, bytes[60]! ^ 1)));
  expect(refused).toMatchObject({ status: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^Not proven: /u);
  const named = fileOf('version 1: staker, from a named block');
  expect(petrel('verify', named)).toMatchObject({ status: 1, stderr: expect.stringContaining('only the file itself names') });
  expect(petrel('verify', named, '--level', 'claimed')).toMatchObject({ status: 0, stdout: expect.stringContaining('Trust: claimed') });
  expect(petrel('verify', join(folder, 'none.petrel'))).toMatchObject({ status: 1, stderr: expect.stringContaining('ENOENT') });
  expect(petrel('check')).toMatchObject({ status: 1, stderr: expect.stringContaining('petrel verify [options] <file>') });
});
