import { loadavg } from 'node:os';
import { join } from 'node:path';
import { inTurns, THIN } from './in-turns.ts';
import type { JobResult } from './job.ts';
import { startLocalNetwork } from './local-network.ts';
import { runClient } from './run-client.ts';
import type { Row } from './tables.ts';

/** One long chain: all of its headers, and then, by another client, all of its blocks with their state. What is stored is in the client's memory. */
export interface LongRun {
  readonly count: number;
  readonly ofHeaders: JobResult;
  readonly ofBlocks: JobResult;
  /** Load of the machine before the first of the two. */
  readonly load: number;
}

export interface HotStuff2Figures {
  /** By the number of blocks. */
  readonly sizes: readonly { readonly blocks: number; readonly made: number; readonly rows: readonly Row[] }[];
  readonly deflated: readonly Row[];
  readonly long: LongRun;
}

/** Above, incremental syncs and those with every certificate would take minutes. */
const SLOW_MOST = 5000;

async function measureLong(networkFile: string, count: number): Promise<LongRun> {
  const run = (headersOnly: boolean) => runClient({ chain: 'hotstuff2', networkFile, target: count, config: { defaultStrategy: 'parallel' }, headersOnly });
  const load = loadavg()[0]!;
  return { count, ofHeaders: await run(true), ofBlocks: await run(false), load };
}

export async function measureHotStuff2({ folder, runs, most, headers, say }: { readonly folder: string; readonly runs: number; readonly most: number; readonly headers: number; readonly say: (step: string) => void }): Promise<HotStuff2Figures> {
  const withNetwork = async <T>(blocks: number, options: readonly string[], use: (networkFile: string, made: number) => Promise<T>): Promise<T> => {
    const networkFile = join(folder, `hotstuff2-${blocks}${options.join('')}.json`);
    // A snapshot at nine tenths, so that there is something left after it.
    const snapshotEvery = String(Math.floor(blocks * 0.9));
    const network = await startLocalNetwork('hotstuff2', networkFile, ['--history', String(blocks), '--snapshot-every', snapshotEvery, ...options]);
    try {
      return await use(networkFile, network.made);
    } finally {
      await network.stop();
    }
  };
  const strategy = (networkFile: string, target: number) => (defaultStrategy: 'fast' | 'incremental' | 'parallel', more = {}) => ({ chain: 'hotstuff2' as const, networkFile, target, config: { defaultStrategy, ...more }, counted: true });

  const sizes: HotStuff2Figures['sizes'][number][] = [];
  for (const blocks of new Set([1000, most])) {
    say(`HotStuff-2, ${blocks} blocks`);
    sizes.push(
      await withNetwork(blocks, [], async (networkFile, made) => {
        const by = strategy(networkFile, blocks);
        const rows = await inTurns(runs, {
          'parallel, 4 nodes': { ...by('parallel'), again: true },
          'parallel, 1 node': { ...by('parallel'), peers: 1 },
          'fast (snapshot at nine tenths)': by('fast'),
          ...(blocks > SLOW_MOST ? {} : { incremental: by('incremental'), 'parallel, each certificate checked': by('parallel', { checkEachCertificate: true }) }),
          'thin line, 1 node': { ...by('parallel'), peers: 1, shaped: THIN },
          'thin lines, 4 nodes': { ...by('parallel'), shaped: THIN },
          'headers only, 4 nodes': { ...by('parallel'), headersOnly: true },
        });
        return { blocks, made, rows };
      }),
    );
  }
  say('HotStuff-2, deflate');
  const deflated = await withNetwork(1000, ['--deflate'], (networkFile) => {
    const by = strategy(networkFile, 1000);
    return inTurns(runs, { 'parallel, 4 nodes': by('parallel'), 'headers only, 4 nodes': { ...by('parallel'), headersOnly: true } });
  });
  say(`HotStuff-2, ${headers} headers`);
  const long = await withNetwork(headers, [], (networkFile) => measureLong(networkFile, headers));
  return { sizes, deflated, long };
}
