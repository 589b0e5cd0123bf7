import type { HeightSample, MeasuredSync } from '../../client/types.ts';
import { shortPeer } from '../../page/format.ts';

/** Columns of a plot: x, then one list for each line; `null` where there is no value. Ascending by x. */
export type Columns = readonly [readonly number[], ...(readonly (number | null)[])[]];

/** Peers that are drawn: more bars cannot be told apart. */
const MAX_PEERS = 12;

/** Milliseconds of download, validation and application by height; undefined if nothing of it was measured. */
export function timesByHeight({ downloads = [], validations = [], applications = [] }: MeasuredSync): Columns | undefined {
  const lists = [downloads, validations, applications];
  const heights = Array.from(new Set(lists.flatMap((list) => list.map(({ height }) => height)))).sort((a, b) => a - b);
  if (heights.length === 0) return undefined;
  return [heights, ...lists.map((list) => columnOf(list, heights))];
}

/** If a height was measured more than once, the newest counts. */
function columnOf(list: readonly HeightSample[], heights: readonly number[]): readonly (number | null)[] {
  const byHeight = new Map(list.map(({ height, milliseconds }) => [height, milliseconds]));
  return heights.map((height) => byHeight.get(height) ?? null);
}

export interface PeerColumns {
  /** By the position of the bar. */
  readonly names: readonly string[];
  /** Bytes, and those of use where that is measured. */
  readonly bytes: Columns;
  /** The median, milliseconds. */
  readonly latencies: Columns;
}

/** Bytes and latency of the peers that gave most; undefined without peers. */
export function byPeer({ peers }: MeasuredSync): PeerColumns | undefined {
  const entries = Object.entries(peers).sort(([, a], [, b]) => b.bytes - a.bytes).slice(0, MAX_PEERS);
  if (entries.length === 0) return undefined;
  const places = entries.map((_, index) => index);
  return {
    names: entries.map(([id]) => barName(id)),
    bytes: [places, entries.map(([, { bytes }]) => bytes), entries.map(([, { usefulBytes }]) => usefulBytes ?? null)],
    latencies: [places, entries.map(([, { latencies }]) => median(latencies))],
  };
}

/** Bars stand close together: of a peer that is known by its address, its port. */
function barName(id: string): string {
  const name = shortPeer(id);
  return name.slice(Math.max(0, name.lastIndexOf(':')));
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) return null;
  return sorted.length % 2 === 0 && low !== undefined ? (low + high) / 2 : high;
}
