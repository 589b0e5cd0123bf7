/** Heights `from` to `to`, both included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Who asks for work, and under which conditions. */
export interface Claimant {
  readonly peer: string;
  /** The heights that it serves. */
  readonly earliest: number;
  readonly latest: number;
  /** Blocks in its request. */
  readonly batch: number;
  /** Ids of all peers that could be asked, itself included. A range is not given to a peer that failed it while another is there. */
  readonly peers: readonly string[];
  readonly order: 'row' | 'ranges';
  /** Blocks that `ranges` divides among the peers. */
  readonly ahead: number;
  /** Set on back-pressure: only a range that begins here is given. */
  readonly only: number | undefined;
  /** Milliseconds after which a request of another peer may be made a second time. */
  readonly patience: number;
  /** Monotonic milliseconds. */
  readonly now: number;
}

/** A request that is in flight. */
export interface Assignment extends Range {
  readonly peer: string;
  readonly at: number;
  /** Peers that failed it before. */
  readonly failed: ReadonlySet<string>;
  readonly failures: number;
}

/** Number of blocks. */
export const size = ({ from, to }: Range) => to - from + 1;

/** Whether a range that begins here may be given to the claimant. */
export function allowed(from: number, { only, earliest, latest }: Claimant): boolean {
  return (only === undefined || only === from) && from >= earliest && from <= latest;
}

/** The first blocks of a range, as many as the claimant takes in one request. */
export function cut({ from, to }: Range, { batch, latest }: Claimant): Range {
  return { from, to: Math.min(to, latest, from + Math.max(1, batch) - 1) };
}

/** Ascending heights as ranges without a gap. */
export function rangesOf(heights: readonly number[]): Range[] {
  const ranges: { from: number; to: number }[] = [];
  for (const height of heights) {
    const last = ranges.at(-1);
    if (last && last.to + 1 === height) last.to = height;
    else ranges.push({ from: height, to: height });
  }
  return ranges;
}
