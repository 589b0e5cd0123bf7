/**
 * Rules of a block and of the link between two, without signatures (Stacks reference, 1 and 10). All are pure.
 * @module
 */
import type { NakamotoBlock } from '../wire/block.ts';
import type { Epoch2Block } from '../wire/epoch2-block.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import type { TenureChange } from '../wire/transaction.ts';
import { blockId, transactionId, transactionRoot } from './hash.ts';
import type { RuleCode } from './rule-code.ts';

/**
 * Whether the transactions are those of the header. A root does not tell a list from the same list with its last entry repeated, so that no
 * transaction may be there twice.
 */
export function checkTransactions({ header, transactions }: Pick<NakamotoBlock | Epoch2Block, 'header' | 'transactions'>): RuleCode | undefined {
  const ids = transactions.map(({ bytes }) => transactionId(bytes));
  if (new Set(ids).size < ids.length) return 'transaction-twice';
  return transactionRoot(ids) === header.transactionRoot ? undefined : 'transaction-root';
}

/**
 * The tenure change of a block that starts a tenure: its first transaction is a tenure change with cause 0 whose tenure is the block's consensus hash and
 * whose previous tenure ends at the block's parent, its second a coinbase, and no other is a tenure change. Undefined if the block is none.
 */
export function tenureStartOf({ header, transactions }: NakamotoBlock): TenureChange | undefined {
  const [first, second, ...others] = transactions;
  const change = first?.tenureChange;
  if (!change || change.cause !== 0 || second?.kind !== 'nakamoto-coinbase') return undefined;
  if (change.tenure !== header.consensusHash || change.burnView !== header.consensusHash || change.previousTenureEnd !== header.parentBlockId) return undefined;
  if (change.previousTenure === header.consensusHash) return undefined;
  return others.some(({ kind }) => kind === 'tenure-change' || kind === 'nakamoto-coinbase') ? undefined : change;
}

/**
 * Whether a header follows another: its parent's id, one height more, time and burn not lower. Equal times occur; signers want more, but a node does
 * not.
 */
export function checkLink(parent: NakamotoHeader, child: NakamotoHeader): RuleCode | undefined {
  if (child.parentBlockId !== blockId(parent)) return 'parent';
  if (child.chainLength !== parent.chainLength + 1) return 'height';
  if (child.timestamp < parent.timestamp) return 'time';
  return child.burnSpent < parent.burnSpent ? 'burn' : undefined;
}
