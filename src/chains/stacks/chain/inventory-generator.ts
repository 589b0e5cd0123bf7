/**
 * Inventories for others, from the tenures known here (InvGenerator). Only for a client that serves its own records (Stacks reference, 6).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';

/** Blocks that a new tip is searched back for a tip with a table (tip_ancestor_search_depth). */
const SEARCH_DEPTH = 10;
/** Tips whose tables are kept; at the bound the oldest is dropped. */
const MAX_TABLES = 16;

/** What the chain here knows of a block. */
export interface KnownBlock {
  readonly parentId: Hash;
  /** Consensus hash of its tenure. */
  readonly tenureId: string;
}

export interface GeneratorSource {
  readonly blockOf: (id: Hash) => KnownBlock | undefined;
  /** Whether a tenure started at this sortition on the fork of this tip. What the cache spares. */
  readonly hasTenure: (tip: Hash, tenureId: string) => boolean;
}

export class InventoryGenerator {
  readonly #source: GeneratorSource;
  /** For each tip: tenure id to whether it is there. Absence is kept too. */
  readonly #tables = new Map<Hash, Map<string, boolean>>();

  constructor(source: GeneratorSource) {
    this.#source = source;
  }

  /** The bits of these sortitions (consensus hashes in ascending order) on the fork of a tip. */
  bits(tip: Hash, sortitions: readonly string[]): readonly boolean[] {
    const table = this.#tableOf(tip);
    return sortitions.map((tenureId) => {
      const known = table.get(tenureId) ?? this.#source.hasTenure(tip, tenureId);
      table.set(tenureId, known);
      return known;
    });
  }

  #tableOf(tip: Hash): Map<string, boolean> {
    const table = this.#tables.get(tip) ?? this.#inherited(tip) ?? new Map<string, boolean>();
    this.#tables.set(tip, table);
    if (this.#tables.size > MAX_TABLES) this.#tables.delete(this.#tables.keys().next().value!);
    return table;
  }

  /**
   * A copy of the table of the nearest ancestor that has one, without the entries of the tenures between: one that was absent there may have started
   * since.
   */
  #inherited(tip: Hash): Map<string, boolean> | undefined {
    const between: string[] = [];
    let id = tip;
    for (let depth = 0; depth <= SEARCH_DEPTH; depth += 1) {
      const table = this.#tables.get(id);
      if (table) {
        const copy = new Map(table);
        for (const tenureId of between) copy.delete(tenureId);
        return copy;
      }
      const block = this.#source.blockOf(id);
      if (!block) return undefined;
      between.push(block.tenureId);
      id = block.parentId;
    }
    return undefined;
  }
}
