import type { Contestant } from './contestants.ts';
import { fileSizes, type FileSize } from './file-sizes.ts';
import { spreadOf, type Spread } from './spread.ts';
import type { Visit } from './visit.ts';

export type Start = 'cold' | 'warm';

/** One opening of a page, with the requests that the browser sent to the server. */
export interface Opening extends Visit {
  readonly start: Start;
  readonly paths: readonly string[];
}

/** Milliseconds and bytes. `above` values are differences to the blank page's median. */
export interface Figures {
  readonly consensus: Spread | undefined;
  /** From the first head that is shown to the highest level; undefined if some opening did not have both. */
  readonly levelAfterHead: Spread | undefined;
  /** Medians of the times of the events on the way, in order. Events that some opening did not have are left out. */
  readonly milestones: readonly (readonly [name: string, time: number])[];
  /** Files of the first opening; the other openings fetch the same. */
  readonly files: readonly FileSize[];
  readonly download: { readonly raw: number; readonly gzip: number; readonly brotli: number };
  readonly longTasks: { readonly count: Spread; readonly total: Spread };
  readonly memory: { readonly kind: string; readonly above: Spread; readonly renderersAbove: Spread } | undefined;
  /** Of the openings whose heaps could be read; undefined if no opening's could, or none of the blank page. */
  readonly heap: { readonly scopes: number; readonly used: Spread; readonly buffers: Spread; readonly wasm: Spread } | undefined;
  /** Number of openings, with those of the blank page, whose heaps could not be read in time. */
  readonly heapsUnread: number;
  /** Seconds. Nothing is subtracted here, because the blank page has no consensus. */
  readonly cpuToConsensus: Spread;
  readonly cpuTimeAbove: Spread;
  readonly refused: readonly string[];
}

/** Figures of one client's cold or warm openings. */
export async function figuresOf(contestant: Contestant, openings: readonly Opening[], blank: readonly Opening[]): Promise<Figures> {
  const spread = (read: (opening: Visit) => number): Spread => spreadOf(openings.map(read));
  const above = (read: (opening: Visit) => number): Spread => {
    const base = spreadOf(blank.map(read)).median;
    return spread((opening) => read(opening) - base);
  };
  const files = await fileSizes(contestant.directory, openings[0]!.paths);
  const sum = (key: 'raw' | 'gzip' | 'brotli'): number => files.reduce((total, file) => total + file[key], 0);
  const kinds = new Set([...openings, ...blank].map(({ memory }) => memory?.kind));
  const [kind] = kinds;
  const levelAfterHead = openings.map(({ marks }) => (marks['level proven'] ?? NaN) - (marks['headline'] ?? NaN));
  return {
    consensus: contestant.joins ? spread(({ consensus = NaN }) => consensus) : undefined,
    levelAfterHead: levelAfterHead.some(Number.isNaN) ? undefined : spreadOf(levelAfterHead),
    milestones: milestones(openings),
    files,
    download: { raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') },
    longTasks: { count: spread(({ longTasks }) => longTasks.length), total: spread(({ longTasks }) => longTasks.reduce((total, [, duration]) => total + duration, 0)) },
    // PSS and RSS bytes cannot be compared.
    memory: kinds.size === 1 && kind ? { kind, above: above(({ memory }) => memory!.total), renderersAbove: above(({ memory }) => memory!.renderers) } : undefined,
    heap: heapOf(openings, blank),
    heapsUnread: [...openings, ...blank].filter(({ heaps }) => !heaps).length,
    cpuToConsensus: spread(({ cpuToConsensus }) => cpuToConsensus),
    cpuTimeAbove: above(({ cpuTime }) => cpuTime),
    refused: [...new Set(openings.flatMap(({ refused }) => refused))],
  };
}

function heapOf(openings: readonly Opening[], blank: readonly Opening[]): Figures['heap'] {
  const read = openings.flatMap(({ heaps }) => heaps ?? []);
  const base = blank.flatMap(({ heaps }) => heaps ?? []);
  const [first] = read;
  if (!first || base.length === 0) return undefined;
  const above = (key: 'used' | 'buffers' | 'wasm'): Spread => {
    const { median } = spreadOf(base.map((heaps) => heaps[key]));
    return spreadOf(read.map((heaps) => heaps[key] - median));
  };
  return { scopes: first.scopes, used: above('used'), buffers: above('buffers'), wasm: above('wasm') };
}

function milestones(openings: readonly Opening[]): readonly (readonly [string, number])[] {
  const names = Object.keys(openings[0]!.marks).filter((name) => openings.every(({ marks }) => marks[name] !== undefined));
  return names.map((name) => [name, spreadOf(openings.map(({ marks }) => marks[name]!)).median] as const).toSorted(([, a], [, b]) => a - b);
}
