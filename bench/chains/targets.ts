/** A target of the HotStuff-2 document, with what was measured for it. */
export interface Target {
  readonly name: string;
  /** The measured value has to be above it, or below it; equal to it is missed. */
  readonly limit: { readonly kind: 'above' | 'below'; readonly value: number };
  readonly unit: string;
  /** Undefined: this run did not measure it. */
  readonly measured: number | undefined;
  /** Of what it was measured, or how to measure it. */
  readonly note: string;
}

export interface Extreme {
  /** 0 to 1. */
  readonly share: number;
  readonly run: string;
}

/** What the targets are judged by. Rates in blocks a second, bytes. */
export interface Measured {
  /** Blocks verified a second by the newest certificate and hashes: the median of the runs, of the chain where that is lower. */
  readonly rate: number;
  /** Of the same runs, blocks in a second of the client's processor time, which other processes on the machine do not change. */
  readonly ratePerProcessor: number;
  /** Milliseconds a block in incremental mode. */
  readonly median: number;
  readonly ninetyFifth: number;
  /** The largest share of the time that was spent on dividing work, and in which run. */
  readonly coordination: Extreme;
  /** The smallest share of the bytes that was of use. */
  readonly useful: Extreme;
  readonly memory: { readonly headers: number; readonly peak: number } | undefined;
}

/** Headers at which the memory is to be measured. */
export const HEADERS = 100_000;

export function targetsOf({ rate, ratePerProcessor, median, ninetyFifth, coordination, useful, memory }: Measured): readonly Target[] {
  const full = memory && memory.headers >= HEADERS;
  return [
    { name: 'download and verification by certificate and hashes', limit: { kind: 'above', value: 1000 }, unit: 'blocks/s', measured: rate, note: `the slower chain, median of its runs; ${ratePerProcessor.toFixed(0)} in a second of processor time` },
    { name: 'a block in incremental mode, median', limit: { kind: 'below', value: 100 }, unit: 'ms', measured: median, note: 'download, verification and application' },
    { name: 'a block in incremental mode, 95th percentile', limit: { kind: 'below', value: 100 }, unit: 'ms', measured: ninetyFifth, note: 'the same' },
    { name: 'coordination', limit: { kind: 'below', value: 5 }, unit: '% of the time', measured: 100 * coordination.share, note: `the largest share of all runs: ${coordination.run}` },
    {
      name: `memory at ${HEADERS} headers`,
      limit: { kind: 'below', value: 1000 },
      unit: 'MB',
      measured: full ? memory.peak / 1e6 : undefined,
      note: full ? 'the whole process at its most' : `${memory ? `${(memory.peak / 1e6).toFixed(0)} MB at ${memory.headers}; ` : ''}measured with --headers ${HEADERS}`,
    },
    { name: 'useful bytes', limit: { kind: 'above', value: 80 }, unit: '%', measured: 100 * useful.share, note: `the smallest share of all runs: ${useful.run}` },
  ];
}

/** `met`, `missed`, or `not measured`. */
export function verdictOf({ limit: { kind, value }, measured }: Target): 'met' | 'missed' | 'not measured' {
  if (measured === undefined) return 'not measured';
  return (kind === 'above' ? measured > value : measured < value) ? 'met' : 'missed';
}

/** One line for each target that is not met: `missed: …` or `not measured: …`. */
export function missedLines(targets: readonly Target[]): readonly string[] {
  return targets.flatMap((target) => {
    const verdict = verdictOf(target);
    if (verdict === 'met') return [];
    const { name, limit, unit, measured, note } = target;
    return [`${verdict}: ${name} (${limit.kind} ${limit.value} ${unit})${measured === undefined ? '' : `, measured ${measured.toPrecision(3)} ${unit}`}; ${note}`];
  });
}
