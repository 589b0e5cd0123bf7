import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurns, THIN } from './in-turns.ts';
import { startLocalNetwork } from './local-network.ts';
import type { Row } from './tables.ts';

export interface MolochFigures {
  readonly blocks: number;
  readonly made: number;
  readonly rows: readonly Row[];
}

export async function measureMoloch({ folder, runs, blocks, say }: { readonly folder: string; readonly runs: number; readonly blocks: number; readonly say: (step: string) => void }): Promise<MolochFigures> {
  say(`Moloch, ${blocks} blocks`);
  const [pinned, networkFile] = [join(folder, 'moloch-pinned.json'), join(folder, 'moloch.json')];
  const network = await startLocalNetwork('moloch', pinned, ['--blocks', String(blocks), '--checkpoint', String(Math.floor(blocks * 0.9))]);
  try {
    const { checkpoint: _, ...parameters } = JSON.parse(readFileSync(pinned, 'utf8')) as { readonly checkpoint?: unknown };
    writeFileSync(networkFile, JSON.stringify(parameters));
    const base = { chain: 'moloch' as const, networkFile, target: blocks, peers: 1 };
    const [fast, parallel] = [{ config: { defaultStrategy: 'fast' as const } }, { config: { defaultStrategy: 'parallel' as const } }];
    const jobs = {
      'fast (batches of 100), 1 node': { ...base, ...fast, again: true },
      'parallel ranges, 1 node': { ...base, ...parallel },
      'parallel ranges, 2 nodes': { ...base, ...parallel, peers: 2 },
      'parallel ranges, 1 node on a thin line': { ...base, ...parallel, shaped: THIN },
      'parallel ranges, 2 nodes on thin lines': { ...base, ...parallel, peers: 2, shaped: THIN },
      'header-first, 1 node': { ...base, headersOnly: true },
      'warp from a checkpoint at nine tenths, 1 node': { ...base, networkFile: pinned },
    };
    return { blocks, made: network.made, rows: await inTurns(runs, jobs) };
  } finally {
    await network.stop();
  }
}
