import { duration, line } from '../crypto/table.ts';
import { spreadOf } from '../spread.ts';
import type { JobResult } from './job.ts';
import type { Group } from './primitives.ts';
import { verdictOf, type Target } from './targets.ts';

/** Runs of one and the same job. */
export interface Row {
  readonly name: string;
  readonly runs: readonly JobResult[];
}

const median = (row: Row, read: (run: JobResult) => number): number => spreadOf(row.runs.map(read)).median;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const rule = (columns: number): string => line(['---', ...Array.from({ length: columns - 1 }, () => '---:')]);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [line(head), rule(head.length), ...rows.map(line)].join('\n');

/** The value at `share` of the sorted samples. */
export const quantile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;

export const rateOf = (row: Row): number => (1000 * median(row, ({ height }) => height)) / median(row, ({ elapsed }) => elapsed);

/** Blocks in a second of the client's processor time. */
export const ratePerProcessor = (row: Row): number => (1000 * median(row, ({ height }) => height)) / median(row, ({ processor }) => processor);

/** Medians of the runs; the last column compares the times of a row with those of the first. */
export function syncTable(rows: readonly Row[]): string {
  const base = median(rows[0]!, ({ elapsed }) => elapsed);
  const cells = rows.map((row) => {
    const elapsed = median(row, (run) => run.elapsed);
    const [useful, coordination] = [median(row, (run) => run.usefulBytes / run.bytes), median(row, (run) => run.coordination / run.elapsed)];
    return [
      row.name, duration(elapsed), rateOf(row).toFixed(0), duration(median(row, ({ processor }) => processor)), median(row, ({ fetched }) => fetched).toFixed(0), kilobytes(median(row, ({ bytes }) => bytes)), percent(useful), percent(coordination),
      megabytes(median(row, ({ peakMemory }) => peakMemory)), `${(elapsed / base).toFixed(2)}x`,
    ];
  });
  return table(['sync', 'time', 'heights/s', 'processor', 'blocks fetched', 'received', 'useful', 'coordination', 'memory at most', 'time to first row'], cells);
}

/** Milliseconds of each stage of the pipeline, medians. */
export function stageTable(rows: readonly Row[]): string {
  const stages = ['structure', 'link', 'signature', 'finality', 'state'] as const;
  return table(['sync', ...stages], rows.map((row) => [row.name, ...stages.map((stage) => duration(median(row, (run) => run.stages[stage])))]));
}

export function againTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => {
    const [first, second] = [median(row, ({ elapsed }) => elapsed), median(row, ({ again }) => again!.elapsed)];
    return [row.name, duration(first), duration(second), `${(first / second).toFixed(1)}x`, kilobytes(median(row, ({ again }) => again!.stored)), median(row, ({ again }) => again!.fetched).toFixed(0), kilobytes(median(row, ({ again }) => again!.bytes))];
  });
  return table(['chain', 'first sync', 'second, from what was kept', 'faster', 'kept', 'blocks fetched again', 'received again'], cells);
}

export function deflateTable(plain: readonly Row[], deflated: readonly Row[]): string {
  const cells = plain.map((row, i) => {
    const [off, on] = [row, deflated[i]!].map((one) => median(one, (run) => run.line ?? Number.NaN)) as [number, number];
    const [slow, fast] = [row, deflated[i]!].map((one) => median(one, (run) => run.elapsed)) as [number, number];
    return [row.name, kilobytes(off), kilobytes(on), `${(on / off).toFixed(2)}x`, duration(slow), duration(fast)];
  });
  return table(['sync', 'on the line, plain', 'with deflate', 'ratio', 'time, plain', 'time, with deflate'], cells);
}

export function primitivesTable(groups: readonly Group[]): string {
  const rows = groups.flatMap(({ title, rows: [first, ...others] }) => [[title, '', ''], ...[first!, ...others].map(({ name, milliseconds }) => [name, duration(milliseconds), `${(milliseconds / first!.milliseconds).toFixed(2)}x`])]);
  return table(['operation', 'time', 'to the first of its group'], rows);
}

export function targetTable(targets: readonly Target[]): string {
  return table(
    ['target', 'limit', 'measured', 'verdict', 'of what'],
    targets.map((target) => {
      const { name, limit, unit, measured, note } = target;
      return [name, `${limit.kind} ${limit.value} ${unit}`, measured === undefined ? '-' : `${measured.toPrecision(3)} ${unit}`, verdictOf(target), note];
    }),
  );
}
