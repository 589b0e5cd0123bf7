import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HotStuff2Net } from '../../devnet/hotstuff2/hotstuff2-net.ts';
import { MolochNet } from '../../devnet/moloch/moloch-net.ts';
import type { Job } from './job.ts';
import { runClient } from './run-client.ts';
import { longText } from './report.ts';
import { againTable, stageTable, syncTable } from './tables.ts';

const BLOCKS = 30;
let folder: string;
let nets: readonly { close(): Promise<void> }[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-chains-'));
  const [hotstuff2, moloch] = [await HotStuff2Net.start({ history: BLOCKS }), await MolochNet.start({ blocks: BLOCKS })];
  const deflating = await HotStuff2Net.start({ history: BLOCKS, deflate: true });
  nets = [hotstuff2, moloch, deflating];
  writeFileSync(join(folder, 'deflate.json'), JSON.stringify(deflating.network));
  writeFileSync(join(folder, 'hotstuff2.json'), JSON.stringify(hotstuff2.network));
  writeFileSync(join(folder, 'moloch.json'), JSON.stringify(moloch.network));
});

afterAll(async () => {
  await Promise.all(nets.map((net) => net.close()));
  rmSync(folder, { recursive: true });
});

const run = (chain: Job['chain'], job: Partial<Job>) => runClient({ chain, networkFile: join(folder, `${chain}.json`), target: BLOCKS, ...job });

describe('a client of the bench', () => {
  it.each(['hotstuff2', 'moloch'] as const)('%s: syncs every block once, and from its store none again', async (chain) => {
    const result = await run(chain, { peers: 2, config: { defaultStrategy: 'parallel' }, again: true, counted: true });
    expect(result).toMatchObject({ height: BLOCKS, strategies: ['parallel'], fetched: BLOCKS, errors: {}, again: { fetched: 0 } });
    expect(result.usefulBytes).toBeLessThanOrEqual(result.bytes);
    expect(result.line).toBeGreaterThan(result.usefulBytes);
    expect(result.again!.stored).toBeGreaterThan(0);
    const rows = [{ name: chain, runs: [result] }];
    expect(longText({ count: BLOCKS, ofHeaders: result, ofBlocks: result, load: 1.25 })).toMatch(/^Memory at 30 headers: \d+ MB.* At 30 blocks .*: \d+ MB.* a second\. .*Load before it: 1\.3\.$/u);
    for (const table of [syncTable(rows), stageTable(rows), againTable(rows)]) {
      expect(table).not.toMatch(/NaN|undefined/u);
      expect(new Set(table.split('\n').map((line) => line.split('|').length)).size).toBe(1);
    }
  });

  it('counts what is on the line: less than the blocks where frames are compressed', async () => {
    const { height, line, usefulBytes } = await run('hotstuff2', { networkFile: join(folder, 'deflate.json'), counted: true });
    expect(height).toBe(BLOCKS);
    expect(line).toBeLessThan(usefulBytes);
  });

  it('measures each block of an incremental sync', async () => {
    const { perBlock } = await run('hotstuff2', { config: { defaultStrategy: 'incremental' } });
    expect(perBlock).toHaveLength(BLOCKS);
    expect(perBlock.every((milliseconds) => milliseconds > 0)).toBe(true);
  });
});
