import { CodedError } from '../../../base/coded-error.ts';

/**
 * Of an accounts trie's proof:
 * - `no-nodes`, `too-many-nodes`: none, or more than the keys can need.
 * - `duplicate-node`, `unneeded-node`: a node is there twice, or is on the way to none of the keys.
 * - `bad-child`: a child with an empty or too long suffix, or one that stands in another nibble's place.
 * - `wrong-value-kind`: a value of a node without children is shown as that of a node with children, or the other way round.
 * - `unlinked-node`: no parent follows that names the node.
 * - `wrong-node-hash`: the parent names another hash.
 * - `wrong-root`: the root's hash is not the state root.
 * - `key-not-proven`: the proof says nothing about a key that was asked for.
 * - `value-hidden`: of a value that was asked for only the hash is shown.
 * - `unasked-value`, `unasked-absence`, `duplicate-absence`: values, or keys said to be absent, that were not asked for, or twice.
 * - `not-a-prefix`: a key is said to be absent by a node that is not on the way to it.
 * - `child-hidden`: the node has a child on the way to the key said to be absent.
 *
 * Of a value: `undecodable-value`: the bytes are no such value, or a number in it is above 2^53 - 1; `wrong-address`: a validator or staker
 * with another address than its key.
 *
 * Of a history tree's proof:
 * - `bad-tree-size`: no tree has so many nodes.
 * - `leaf-count`: not as many entries as positions.
 * - `duplicate-position`, `position-out-of-tree`.
 * - `missing-hashes`, `unused-hashes`: fewer, or more, hashes than the way to the root needs.
 * - `wrong-history-root`: it leads to another root.
 *
 * Of a proven entry:
 * - `not-asked`: nobody asked for this transaction.
 * - `wrong-network`.
 * - `wrong-height`: not the height that was asked for, or above the proving block.
 * - `wrong-epoch`: not in the proving block's epoch.
 * - `wrong-time`: not the time of the block at this height.
 *
 * Of the way to an old election block:
 * - `not-election`: a block that is not an election block, or stands at a height without one.
 * - `above-head`: the target is above the block that we hold.
 * - `missing-hop`, `unneeded-hop`: a block on the way is missing, or there are others.
 * - `unlinked-block`: the block before it on the way does not name it.
 */
export type ProofErrorCode =
  | 'no-nodes'
  | 'too-many-nodes'
  | 'duplicate-node'
  | 'unneeded-node'
  | 'bad-child'
  | 'wrong-value-kind'
  | 'unlinked-node'
  | 'wrong-node-hash'
  | 'wrong-root'
  | 'key-not-proven'
  | 'value-hidden'
  | 'unasked-value'
  | 'unasked-absence'
  | 'duplicate-absence'
  | 'not-a-prefix'
  | 'child-hidden'
  | 'undecodable-value'
  | 'wrong-address'
  | 'bad-tree-size'
  | 'leaf-count'
  | 'duplicate-position'
  | 'position-out-of-tree'
  | 'missing-hashes'
  | 'unused-hashes'
  | 'wrong-history-root'
  | 'not-asked'
  | 'wrong-network'
  | 'wrong-height'
  | 'wrong-epoch'
  | 'wrong-time'
  | 'not-election'
  | 'above-head'
  | 'missing-hop'
  | 'unneeded-hop'
  | 'unlinked-block';

/** A proof that does not prove what was asked. */
export class ProofError extends CodedError<ProofErrorCode> {
  override readonly name = 'ProofError';

  constructor(code: ProofErrorCode, detail: string) {
    super(code, `${code}: ${detail}`);
  }
}
