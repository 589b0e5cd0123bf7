import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { packageBin } from '../scripts/setup.mjs';
import { chainProofFiles } from './support/chain-proof-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'petrel-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, content: Uint8Array | object): string {
  const path = join(folder, name);
  writeFileSync(path, content instanceof Uint8Array ? content : JSON.stringify(content));
  return path;
}

async function petrel(...words: readonly string[]) {
  const child = spawn(process.execPath, [packageBin('tsx'), join(import.meta.dirname, '../bin/petrel.ts'), ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (part: Buffer) => void (told[name] += part.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, ...told };
}

const proven: Readonly<Record<keyof typeof chainProofFiles, RegExp>> = { hotstuff2: /Proven: 3\n/u, moloch: /^Event: .*\n/u, stacks: /^Key: the variable counter of ST.*\nProven: u375\nBlock: 124\n/u };

it('petrel verify knows the files of every chain, against the network file that it is given', async () => {
  await Promise.all(
    (['hotstuff2', 'moloch', 'stacks'] as const).map(async (chain) => {
      const { bytes, network } = chainProofFiles[chain]();
      const { status, stdout, stderr } = await petrel('verify', '--network', written(`${chain}.json`, network), written(`${chain}.petrel`, bytes));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(proven[chain]);
      expect(stdout).toMatch(chain === 'stacks' ? /Assumed: Bitcoin anchoring is not verified/u : /Assumed: that fewer than a third/u);
    }),
  );
});

it('and says why a file of Stacks proves nothing: no network, another checkpoint, an altered value', async () => {
  const { bytes, network } = chainProofFiles.stacks();
  const own = written('own.json', network);
  const whole = written('whole.petrel', bytes);
  const other = written('other.json', { ...network, networkId: 1 });
  const altered = written('altered.petrel', bytes.with(bytes.length - 1, bytes.at(-1) === 0x37 ? 0x38 : 0x37));
  const said = await Promise.all([petrel('verify', whole), petrel('verify', '--network', other, whole), petrel('verify', '--network', own, altered)]);
  expect(said.map(({ status, stdout }) => ({ status, stdout }))).toEqual([1, 1, 1].map((status) => ({ status, stdout: '' })));
  const [noNetwork, otherNetwork, wrongValue] = said.map(({ stderr }) => stderr);
  expect((await petrel('verify', '--network', 'none.json', whole)).stderr).toMatch(/^Not proven: the network file none\.json cannot be read: /u);
  expect(noNetwork).toMatch(/^Not proven: .*Give its network file with --network/u);
  expect(otherNetwork).toMatch(/^Not proven: .*another network/u);
  expect(wrongValue).toMatch(/^Not proven: its hashes do not lead to the state root of the block/u);
});
