// Tests: `src/chains/stacks/client/stacks-chain.test.ts`.
/**
 * Confirmed blocks that a gateway has proven, to jump to: a snapshot of this chain is the header of such a block, which is its manifest. It has no chunks.
 * @module
 */
import { CodedError } from '../../../base/coded-error.ts';
import type { Fault, Snapshot, SnapshotRules, Tip } from '../../../engine/sync/sync-chain.ts';
import type { Hash } from '../../../base/hash.ts';
import { blockId } from '../chain/hash.ts';
import { decodeHeader } from '../wire/header.ts';
import type { StacksItem } from '../chain/stacks-block.ts';
import type { Placed } from './pending-tree.ts';

export interface Proven {
  /** Confirmed: at least two later tenures are on it. */
  readonly target: Tip;
  /** Whether our newest confirmed block lies on the branch of the target, as far as the gateway says: then the target can be jumped to. */
  readonly continues: boolean;
  /** The blocks after the target up to the gateway's tip that were fetched, ascending. Hashes bind them to a certified one. */
  readonly branch: readonly StacksItem[];
}

/** Targets that are remembered: a sync has one or two, and each gateway may prove another. */
const MAX_TARGETS = 64;
/** Blocks of which it is remembered that they lead to our newest confirmed one; at the bound all are forgotten, and found again. */
const MAX_LINKS = 4_096;

export class ProvenTargets {
  readonly #targets = new Map<number, Placed>();
  /** The newest proof that fetched blocks. */
  newest: Proven | undefined;
  /** Blocks from which hashes lead down to the block `to`. */
  #links: { readonly to: Hash; readonly ids: Set<Hash> } = { to: '', ids: new Set() };

  add(placed: Placed): void {
    const { height } = placed.item;
    this.#targets.delete(height);
    this.#targets.set(height, placed);
    if (this.#targets.size > MAX_TARGETS) this.#targets.delete(this.#targets.keys().next().value!);
  }

  at(height: number): Placed | undefined {
    return this.#targets.get(height);
  }

  /** Hashes lead from these blocks down to `to`. What is known of another block is forgotten. */
  link(to: Hash, ids: readonly Hash[]): void {
    if (this.#links.to !== to || this.#links.ids.size + ids.length > MAX_LINKS) this.#links = { to, ids: new Set() };
    for (const id of ids) this.#links.ids.add(id);
  }

  leadsTo(to: Hash, id: Hash): boolean {
    return this.#links.to === to && this.#links.ids.has(id);
  }

  clear(): void {
    this.#targets.clear();
    this.#links = { to: '', ids: new Set() };
    this.newest = undefined;
  }
}

export function snapshotRules(proven: ProvenTargets, chain: { readonly tip: () => Tip; readonly replace: (placed: Placed) => Promise<void> }): SnapshotRules {
  return {
    async checkManifest(manifest): Promise<Snapshot | Fault> {
      try {
        const header = decodeHeader(manifest);
        const id = blockId(header);
        if (proven.at(header.chainLength)?.item.id !== id) return { code: 'not-proven', weight: 'offence', data: { height: header.chainLength } };
        return { id: `${header.chainLength} ${id}`, height: header.chainLength, chunks: 0, size: manifest.length };
      } catch (error) {
        if (error instanceof CodedError) return { code: 'malformed', weight: 'offence' };
        throw error;
      }
    },
    checkChunk: () => ({ code: 'wrong-chunk', weight: 'offence' }),
    async import(snapshot): Promise<Fault | undefined> {
      const placed = proven.at(snapshot.height);
      if (!placed || snapshot.height <= chain.tip().height) return { code: 'snapshot-old', weight: 'offence', data: { height: snapshot.height } };
      await chain.replace(placed);
      return undefined;
    },
  };
}
