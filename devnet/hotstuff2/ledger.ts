import { placeOf } from '../../src/chains/hotstuff2/chain/state.ts';
import { leafHash, rootOfHashes } from '../../src/chains/hotstuff2/chain/tree.ts';
import { stateRootOf } from '../../src/chains/hotstuff2/chain/state-root.ts';
import { decodeOperations } from '../../src/chains/hotstuff2/wire/payload.ts';
import { encodeStateEntry, type StateEntry } from '../../src/chains/hotstuff2/wire/state-entry.ts';

export interface LedgerEntry extends StateEntry {
  /** The hash of its leaf. */
  readonly hash: Uint8Array;
}

/** The state after one block: entries ascending by key. Entries are shared between states. */
export interface LedgerState {
  readonly entries: readonly LedgerEntry[];
  readonly root: string;
}

/** States that are kept; below the oldest, state proofs are refused as pruned. */
const MAX_STATES = 20_000;

function entryOf(key: Uint8Array, value: Uint8Array): LedgerEntry {
  return { key, value, hash: leafHash(encodeStateEntry({ key, value })) };
}

function stateOf(entries: readonly LedgerEntry[]): LedgerState {
  return { entries, root: stateRootOf(entries.length, rootOfHashes(entries.map(({ hash }) => hash))) };
}

/** The state after a payload. Throws `WireError` for a payload that is none. */
export function applyPayload(state: LedgerState, payload: Uint8Array): LedgerState {
  const operations = decodeOperations(payload);
  if (operations.length === 0) return state;
  const entries = [...state.entries];
  for (const operation of operations) {
    const { index, found } = placeOf(entries, operation.key);
    if (operation.kind === 'put') entries.splice(index, found ? 1 : 0, entryOf(operation.key, operation.value));
    else if (found) entries.splice(index, 1);
  }
  return stateOf(entries);
}

/** The states of blocks by hash, computed once for all replicas of the process. */
export class Ledger {
  readonly #states = new Map<string, LedgerState>();

  constructor(genesis: string, entries: readonly StateEntry[]) {
    this.#states.set(genesis, stateOf(entries.map(({ key, value }) => entryOf(key, value))));
  }

  state(block: string): LedgerState | undefined {
    return this.#states.get(block);
  }

  /** The state after a block on its parent. Undefined if that of the parent is not kept. Throws `WireError`. */
  execute(block: string, parent: string, payload: Uint8Array): LedgerState | undefined {
    const known = this.#states.get(block);
    if (known) return known;
    const before = this.#states.get(parent);
    if (!before) return undefined;
    const after = applyPayload(before, payload);
    this.#states.set(block, after);
    if (this.#states.size > MAX_STATES) this.#states.delete(this.#states.keys().next().value!);
    return after;
  }
}
