import { duration } from '../crypto/table.ts';
import type { Machine } from '../machine.ts';
import type { JobResult } from './job.ts';
import type { HotStuff2Figures, LongRun } from './measure-hotstuff2.ts';
import type { MolochFigures } from './measure-moloch.ts';
import type { Group } from './primitives.ts';
import { againTable, deflateTable, primitivesTable, quantile, rateOf, ratePerProcessor, stageTable, syncTable, targetTable } from './tables.ts';
import { missedLines, targetsOf, type Extreme } from './targets.ts';

export interface Results {
  readonly machine: Machine;
  readonly runs: number;
  readonly hotstuff2: HotStuff2Figures;
  readonly moloch: MolochFigures;
  readonly primitives: readonly Group[];
}

/** Above this load the report says that the figures are worth less. Of two cores, one is a client's and one is the network's. */
const QUIET = 0.5;

/** The sentences on the long chain: memory, and how fast. */
export function longText({ count, ofHeaders, ofBlocks, load }: LongRun): string {
  const memory = ({ peakMemory, memoryBefore, peakHeap }: JobResult) => `${(peakMemory / 1e6).toFixed(0)} MB of the process at its most (${(memoryBefore / 1e6).toFixed(0)} MB before the sync), heap ${(peakHeap / 1e6).toFixed(0)} MB`;
  const time = ({ elapsed }: JobResult) => `${duration(elapsed)}, ${((count / elapsed) * 1000).toFixed(0)} a second`;
  return (
    `Memory at ${count} headers: ${memory(ofHeaders)}; ${time(ofHeaders)}. At ${count} blocks with their state: ${memory(ofBlocks)}; ${time(ofBlocks)}. ` +
    `One run each, in Node, where the rows of the store are in memory, too; in a browser they are in IndexedDB. Load before it: ${load.toFixed(1)}.`
  );
}

/** In Markdown. */
export function reportOf({ machine, runs, hotstuff2, moloch, primitives }: Results): string {
  const { sizes, deflated, long } = hotstuff2;
  const all = sizes.flatMap(({ rows }) => rows);
  const named = (start: string) => all.filter(({ name }) => name.startsWith(start));
  const incremental = named('incremental').flatMap((row) => row.runs.flatMap(({ perBlock }) => perBlock));
  const shares = (read: (run: JobResult) => number): readonly Extreme[] =>
    sizes.flatMap(({ blocks, rows }) => rows.flatMap(({ name, runs: each }) => each.map((run) => ({ share: read(run), run: `${name}, ${blocks} blocks` })))).toSorted((a, b) => a.share - b.share);
  const slowest = named('parallel, 4').toSorted((a, b) => rateOf(a) - rateOf(b))[0]!;
  const targets = targetsOf({
    rate: rateOf(slowest),
    ratePerProcessor: ratePerProcessor(slowest),
    median: quantile(incremental, 0.5),
    ninetyFifth: quantile(incremental, 0.95),
    coordination: shares(({ coordination, elapsed }) => coordination / elapsed).at(-1)!,
    useful: shares(({ usefulBytes, bytes }) => usefulBytes / bytes)[0]!,
    memory: { headers: long.count, peak: long.ofHeaders.peakMemory },
  });
  const missed = missedLines(targets);
  const { cpu, cores, memory, system, node, date, commit, load } = machine;
  return [
    `${cpu}, ${cores} cores, ${(memory / 2 ** 30).toFixed(0)} GiB; ${system}; Node ${node}. ${date.slice(0, 10)}, commit ${commit}. Load before the start: ${load.toFixed(1)}${load > QUIET ? ' (not quiet: other processes ran too)' : ''}. ` +
      `Medians of ${runs} runs, in turns, each client in a new process (so with cold code), the network in another one on the same machine. A thin line has 20 ms and 8 Mbit/s for each node; the others cost no time. Signatures are checked on the client's own thread; a page has workers for them.`,
    '### Targets of the HotStuff-2 document',
    targetTable(targets),
    ...missed,
    ...sizes.map(({ blocks, made, rows }) => `### HotStuff-2, ${blocks} blocks (4 replicas; made in ${duration(made)})\n\n${syncTable(rows)}\n\nTime in the pipeline's stages by the clock; they overlap with the download and with each other:\n\n${stageTable(rows)}`),
    longText(long),
    '### HotStuff-2 with compressed frames',
    deflateTable(sizes[0]!.rows.filter(({ name }) => deflated.some((row) => row.name === name)), deflated),
    `### Moloch, ${moloch.blocks} blocks (4 nodes; made in ${duration(moloch.made)})`,
    syncTable(moloch.rows),
    '### The second start',
    againTable([...sizes.map(({ blocks, rows }) => ({ ...rows[0]!, name: `HotStuff-2, ${blocks} blocks` })), { ...moloch.rows[0]!, name: `Moloch, ${moloch.blocks} blocks` }]),
    '### Operations',
    primitivesTable(primitives),
    'There is no rival client for either chain, and no native BLAKE3 in this engine: where the last column is empty or compares rows of ours, that is why.',
  ].join('\n\n');
}
