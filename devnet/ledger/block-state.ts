import { historyRoot, leafHash } from '../../src/chains/albatross/proofs/history-tree.ts';
import type { Trie } from '../../src/chains/albatross/proofs/build-trie.ts';
import { emptyHistoryRoot } from '../../src/chains/albatross/chain/hashes.ts';
import type { HistoricTransaction } from '../../src/chains/albatross/wire/history.ts';
import type { Hash } from '../../src/base/hash.ts';

/** The history of an epoch up to some block. Blocks without events share it with their parent. */
export interface EpochHistory {
  readonly entries: readonly HistoricTransaction[];
  /** Hashes of the tree's leaves, one for each entry. */
  readonly leaves: readonly Hash[];
  readonly root: Hash;
}

export const NO_HISTORY: EpochHistory = { entries: [], leaves: [], root: emptyHistoryRoot };

export function extendHistory(history: EpochHistory, added: readonly HistoricTransaction[]): EpochHistory {
  if (added.length === 0) return history;
  const leaves = [...history.leaves, ...added.map((entry) => leafHash(entry))];
  return { entries: [...history.entries, ...added], leaves, root: historyRoot(leaves) };
}

/** The transactions of one block, and those before it that the validity window still covers. */
export interface Included {
  readonly height: number;
  readonly hashes: ReadonlySet<Hash>;
  readonly before: Included | undefined;
}

/** What a block leaves behind, and every later block builds on. */
export interface BlockState {
  readonly height: number;
  readonly accounts: Trie;
  readonly history: EpochHistory;
  /** The events of this block alone. */
  readonly entries: readonly HistoricTransaction[];
  /** Newest block with transactions, at or before this one. */
  readonly included: Included | undefined;
  /** Luna paid as fees in the batch so far, and in the batch before it. */
  readonly fees: number;
  readonly feesBefore: number;
}
