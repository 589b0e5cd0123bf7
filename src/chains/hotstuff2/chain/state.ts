/**
 * The key-value state of the chain: entries sorted by key, changed by the payload of each block, with the root that the header commits to
 * (HotStuff-2 reference, 3 and 4.2).
 * @module
 */
import { compareBytes } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { decodeOperations } from '../wire/payload.ts';
import type { Operation } from '../wire/payload.ts';
import { encodeStateEntry } from '../wire/state-entry.ts';
import type { StateEntry } from '../wire/state-entry.ts';
import type { RuleCode } from './rule-code.ts';
import { stateRootOf } from './state-root.ts';
import { leafHash } from './tree.ts';
import { TreeLevels } from './tree-levels.ts';

/** Bytes of all entries at most, unless a setting says otherwise: what a page can hold beside everything else. */
export const MAX_STATE_BYTES = 64 * 1024 * 1024;

/** What turns the state back: each changed key with the entry it had, newest change first. */
export type Undo = readonly { readonly key: Uint8Array; readonly before: StateEntry | undefined }[];

/** Bytes of an entry on the line: key, value and their lengths. */
export const entrySize = ({ key, value }: StateEntry): number => key.length + value.length + 6;

/** Where a key is in entries that ascend by key, or would be. */
export function placeOf(entries: readonly StateEntry[], key: Uint8Array): { readonly index: number; readonly found: boolean } {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(entries[middle]!.key, key) < 0) low = middle + 1;
    else high = middle;
  }
  const entry = entries[low];
  return { index: low, found: entry !== undefined && compareBytes(entry.key, key) === 0 };
}

export class KeyValueState {
  readonly #entries: StateEntry[];
  readonly #levels: TreeLevels;
  readonly #maxBytes: number;
  #bytes: number;

  /** `entries` ascend strictly by key, as `decodeChunk` or another state gives them. */
  constructor(entries: readonly StateEntry[] = [], maxBytes = MAX_STATE_BYTES) {
    this.#entries = [...entries];
    this.#levels = new TreeLevels(entries.map((entry) => leafHash(encodeStateEntry(entry))));
    this.#maxBytes = maxBytes;
    this.#bytes = entries.reduce((sum, entry) => sum + entrySize(entry), 0);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it has more bytes than it may have. */
  get isTooLarge(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  get entries(): readonly StateEntry[] {
    return this.#entries;
  }

  /** Hashes of the entries, as the leaves of the tree. */
  get leaves(): readonly Uint8Array[] {
    return this.#levels.leaves;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const { index, found } = placeOf(this.#entries, key);
    return found ? this.#entries[index]!.value : undefined;
  }

  root(): Hash {
    return stateRootOf(this.#entries.length, this.#levels.root());
  }

  /** Applies operations in order. They may repeat a key; deleting an absent key has no effect. Returns what turns it back. */
  apply(operations: readonly Operation[]): Undo {
    const undo: { readonly key: Uint8Array; readonly before: StateEntry | undefined }[] = [];
    for (const operation of operations) {
      const { key } = operation;
      const { index, found } = placeOf(this.#entries, key);
      undo.unshift({ key, before: found ? this.#entries[index] : undefined });
      this.#put(key, operation.kind === 'put' ? { key, value: operation.value } : undefined);
    }
    return undo;
  }

  rollback(undo: Undo): void {
    for (const { key, before } of undo) this.#put(key, before);
  }

  /**
   * Applies the payload of a block if the state then has the root of its header; else nothing changes. `state-too-large`: above the bound of this state.
   * Throws `WireError` for a payload that does not decode, which `checkBlockStructure` has excluded.
   */
  applyDelta(payload: Uint8Array, root: Hash): Undo | RuleCode {
    const undo = this.apply(decodeOperations(payload));
    const broken = this.isTooLarge ? 'state-too-large' : this.root() === root ? undefined : 'state-root';
    if (!broken) return undo;
    this.rollback(undo);
    return broken;
  }

  #put(key: Uint8Array, entry: StateEntry | undefined): void {
    const { index, found } = placeOf(this.#entries, key);
    if (found) this.#bytes -= entrySize(this.#entries[index]!);
    if (entry) this.#bytes += entrySize(entry);
    if (!entry) {
      if (!found) return;
      this.#entries.splice(index, 1);
      this.#levels.remove(index);
      return;
    }
    const hash = leafHash(encodeStateEntry(entry));
    if (found) {
      this.#entries[index] = entry;
      this.#levels.set(index, hash);
    } else {
      this.#entries.splice(index, 0, entry);
      this.#levels.insert(index, hash);
    }
  }
}
