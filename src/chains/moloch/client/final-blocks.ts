// Tests: `src/chains/moloch/client/moloch-chain.test.ts`.
import type { Item } from '../../../engine/sync/sync-chain.ts';
import type { EventPlaceEntry } from '../chain/event-index.ts';
import { eventId } from '../chain/hash.ts';
import { Mmr } from '../chain/mmr.ts';
import { leafPosition } from '../chain/mmr-shape.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';

/** Final blocks that are held, at most (Moloch reference, 2.11). The oldest is dropped; its hash stays in the range. */
const MAX_BLOCKS = 10_000;
/** Bytes of the blocks whose events are held, at most. Ours: a tenth of the gigabyte that a client may take. */
const MAX_BYTES = 100_000_000;
/** Events whose place is known, at most: some 200 bytes each. Later ones are asked of peers. Ours. */
const MAX_PLACES = 250_000;

export interface FinalBase {
  /** The blocks up to the base, that too. */
  readonly mmr: Mmr;
  readonly index: readonly EventPlaceEntry[];
  /** Events of all those blocks. */
  readonly events: number;
  /** Whether the index names each of them. */
  readonly indexed: boolean;
}

/** The final blocks in memory: the range over all, the newest ones whole, and where each event is. */
export class FinalBlocks {
  readonly #base: FinalBase;
  readonly #blocks = new Map<number, Item<MolochBlock>>();
  readonly #heights = new Map<string, number>();
  readonly #places = new Map<string, EventPlaceEntry>();
  #bytes = 0;
  /** The lowest height whose events are held. */
  #bodiesFrom = 0;
  #events: number;
  #indexed: boolean;

  constructor(base: FinalBase) {
    this.#base = base;
    this.#events = base.events;
    this.#indexed = base.indexed && base.index.length <= MAX_PLACES;
    for (const entry of base.index.slice(0, MAX_PLACES)) this.#places.set(entry.id, entry);
  }

  get mmr(): Mmr {
    return this.#base.mmr;
  }

  /** Events of all blocks, repeated ones too. */
  get events(): number {
    return this.#events;
  }

  /** Bytes of what is held whole. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether every event has its place: not where only headers were fetched, or there are too many. */
  get indexed(): boolean {
    return this.#indexed;
  }

  /** Adds the next block. Its hash becomes a leaf, unless the base has it. */
  add(item: Item<MolochBlock>): void {
    const { height, id, block, size } = item;
    if (this.mmr.leaves === height) this.mmr.append(id);
    this.#events += block.header.eventsCount;
    // The events of the first block are in the base's index.
    if (!block.events && block.header.eventsCount > 0 && this.#blocks.size > 0) this.#indexed = false;
    this.#blocks.set(height, item);
    this.#heights.set(id, height);
    for (const [index, event] of (block.events ?? []).entries()) {
      const known = eventId(event);
      if (this.#places.has(known)) continue;
      if (this.#places.size < MAX_PLACES) this.#places.set(known, { id: known, height, index });
      else this.#indexed = false;
    }
    this.#bytes += size;
    this.#bound();
  }

  #bound(): void {
    for (const [height, item] of this.#blocks) {
      if (this.#blocks.size <= MAX_BLOCKS) break;
      this.#blocks.delete(height);
      this.#heights.delete(item.id);
      if (height >= this.#bodiesFrom) this.#bytes -= item.size;
    }
    for (; this.#bytes > MAX_BYTES; this.#bodiesFrom += 1) {
      const item = this.#blocks.get(this.#bodiesFrom);
      if (!item) continue;
      this.#bytes -= item.size;
      this.#blocks.set(item.height, { ...item, block: { ...item.block, events: undefined } });
    }
  }

  at(height: number): Item<MolochBlock> | undefined {
    return this.#blocks.get(height);
  }

  byId(id: string): Item<MolochBlock> | undefined {
    const height = this.#heights.get(id);
    return height === undefined ? undefined : this.#blocks.get(height);
  }

  /** The id of the final block at a height, held or not. */
  idAt(height: number): string | undefined {
    return height >= 0 && height < this.mmr.leaves ? this.mmr.nodes[leafPosition(height)] : undefined;
  }

  /** The height of the final block with this id, held or not: looked for from the newest on, some 20 ms in a hundred thousand blocks (Node 20, one core). */
  heightOf(id: string): number | undefined {
    for (let height = this.mmr.leaves - 1; height >= 0; height -= 1) if (this.idAt(height) === id) return height;
    return undefined;
  }

  placeOf(event: string): EventPlaceEntry | undefined {
    return this.#places.get(event);
  }

  /** The places that are known, ascending by id. */
  places(): readonly EventPlaceEntry[] {
    return [...this.#places.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }
}
