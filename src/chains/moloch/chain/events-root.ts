/**
 * The root over the events of a block, and the proof of one of them (Moloch reference, 2.3). The leaves are the ids of the events; the last one is repeated up to a power
 * of two. No tag tells leaves from nodes, so a leaf must be the id of an event that was hashed here.
 * @module
 */
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import { hashPair, ZERO_HASH } from './hash.ts';

/** All levels of the tree, leaves first. At least one id. */
function levelsOf(ids: readonly string[]): readonly (readonly string[])[] {
  const leaves = [...ids];
  const width = 2 ** Math.ceil(Math.log2(ids.length));
  while (leaves.length < width) leaves.push(ids.at(-1)!);
  const levels: string[][] = [leaves];
  for (let level = leaves; level.length > 1; level = levels.at(-1)!) {
    const parents: string[] = [];
    for (let i = 0; i < level.length; i += 2) parents.push(hashPair(level[i]!, level[i + 1]!));
    levels.push(parents);
  }
  return levels;
}

/** The root of the ids in the order of the block: zeros for none, the id itself for one. */
export function eventsRoot(ids: readonly string[]): string {
  return ids.length === 0 ? ZERO_HASH : levelsOf(ids).at(-1)![0]!;
}

/** The siblings of the event at `index`, bottom up. The index must be one of the events. */
export function proveEvent(ids: readonly string[], index: number): readonly string[] {
  const levels = levelsOf(ids);
  return levels.slice(0, -1).map((level, height) => level[Math.floor(index / 2 ** height) ^ 1]!);
}

export interface EventPlace {
  readonly id: string;
  readonly index: number;
  readonly siblings: readonly string[];
}

/**
 * Checks that the event is at its index in the block with this header. Index and number of siblings must fit the count of the header: otherwise the padding gives one event
 * several indices. Codes: `event-index`, `event-siblings`, `events-root`.
 */
export function checkEventProof({ id, index, siblings }: EventPlace, header: { readonly eventsRoot: string; readonly eventsCount: number }): Fault | undefined {
  const { eventsCount } = header;
  if (!Number.isInteger(index) || index < 0 || index >= eventsCount) return { code: 'event-index', weight: 'lie', data: { index, count: eventsCount } };
  const needed = Math.ceil(Math.log2(eventsCount));
  if (siblings.length !== needed) return { code: 'event-siblings', weight: 'lie', data: { siblings: siblings.length, needed } };
  let node = id;
  let at = index;
  for (const sibling of siblings) {
    node = at % 2 === 1 ? hashPair(sibling, node) : hashPair(node, sibling);
    at = Math.floor(at / 2);
  }
  return node === header.eventsRoot ? undefined : { code: 'events-root', weight: 'lie', data: { root: node, expected: header.eventsRoot } };
}
