import type { Head, HeadEvent, HeadView } from '../client/types.ts';
import { albatrossHead } from './albatross-details.ts';

/**
 * - `extended`: a micro block follows on the head.
 * - `rebranched`: another branch won.
 * - `finalized`: a checkpoint follows on the head, all before it is final.
 * - `epoch-finalized`: the same, an election block.
 * - `history-adopted`: the head is another one, and what lies between is not told.
 */
export type HeadReason = 'extended' | 'rebranched' | 'finalized' | 'epoch-finalized' | 'history-adopted';

/** A call of a listener of the head, with its arguments in the order of the official client. */
export interface HeadChange {
  /** Of the new head. */
  readonly hash: string;
  readonly reason: HeadReason;
  /** Hashes, ascending. */
  readonly reverted: string[];
  /** Hashes, ascending; the last one is the new head. */
  readonly adopted: string[];
}

/** The official client's head events, of which each names one block, but for a change of branch. Ours can have several. */
export class HeadChanges {
  #head: string;

  /** @param now the head that is not told: the official client does not tell a new listener the current one. */
  constructor({ latest }: Head) {
    this.#head = latest.hash;
  }

  /** The calls that an event stands for. */
  next({ head, adopted, reverted }: HeadEvent): readonly HeadChange[] {
    const before = this.#head;
    this.#head = head.latest.hash;
    if (adopted.length > 0) return reverted.length > 0 ? rebranched(reverted, adopted) : adopted.map(extended);
    if (before === head.latest.hash) return [];
    return [{ hash: head.latest.hash, reason: 'history-adopted', reverted: [], adopted: [head.latest.hash] }];
  }
}

function extended(block: HeadView): HeadChange {
  return { hash: block.hash, reason: reasonOf(block), reverted: [], adopted: [block.hash] };
}

/** One call for the branch up to its first macro block, and one for each block from there on: a macro block is always told as such. */
function rebranched(reverted: readonly HeadView[], adopted: readonly HeadView[]): readonly HeadChange[] {
  const macro = adopted.findIndex((block) => reasonOf(block) !== 'extended');
  const length = macro < 0 ? adopted.length : Math.max(1, macro);
  const branch = adopted.slice(0, length).map(({ hash }) => hash);
  const change: HeadChange = { hash: branch.at(-1) ?? '', reason: 'rebranched', reverted: reverted.map(({ hash }) => hash), adopted: branch };
  return [change, ...adopted.slice(length).map(extended)];
}

function reasonOf(block: HeadView): HeadReason {
  const { type } = albatrossHead(block);
  if (type === 'election') return 'epoch-finalized';
  return type === 'checkpoint' ? 'finalized' : 'extended';
}
