import type { Qc } from '../../src/chains/hotstuff2/wire/qc.ts';
import type { Vote } from '../../src/chains/hotstuff2/wire/vote.ts';

/** Views ahead of a replica's own whose votes and new-views it keeps. Beyond, they are dropped: the sender repeats a timeout. */
const MAX_AHEAD = 10_000;

/** What a replica has collected by view: one vote and one new-view of each sender. */
export class VoteBox {
  readonly #votes = new Map<number, Map<number, Vote>>();
  readonly #newViews = new Map<number, Map<number, Qc | undefined>>();
  /** The highest view that each sender has asked for. */
  readonly #wanted = new Map<number, number>();

  /**
   * Keeps the first vote of its sender in its view. Returns all for the same block. Votes up to the `certified` view are of no use. Votes of views that
   * this replica has left are kept: the others may still be in them and certify a block.
   */
  addVote(vote: Vote, certified: number, view: number): readonly Vote[] {
    if (vote.view <= certified || vote.view > view + MAX_AHEAD) return [];
    let votes = this.#votes.get(vote.view);
    if (!votes) this.#votes.set(vote.view, (votes = new Map()));
    if (!votes.has(vote.index)) votes.set(vote.index, vote);
    return this.votesFor(vote.view, vote.hash);
  }

  /** In the order in which they came. */
  votesFor(view: number, hash: string): readonly Vote[] {
    return Array.from(this.#votes.get(view)?.values() ?? []).filter((vote) => vote.hash === hash);
  }

  /** Removes a vote whose signature is wrong. */
  removeVote(vote: Vote): void {
    this.#votes.get(vote.view)?.delete(vote.index);
  }

  addNewView(wanted: number, sender: number, highest: Qc | undefined, view: number): void {
    if (wanted < view || wanted > view + MAX_AHEAD) return;
    this.#wanted.set(sender, Math.max(wanted, this.#wanted.get(sender) ?? 0));
    let senders = this.#newViews.get(wanted);
    if (!senders) this.#newViews.set(wanted, (senders = new Map()));
    senders.set(sender, highest);
  }

  /** The highest view that at least so many senders have reached or passed; -1: there are fewer. */
  reachedBy(count: number): number {
    return Array.from(this.#wanted.values()).toSorted((a, b) => b - a)[count - 1] ?? -1;
  }

  newViews(view: number): number {
    return this.#newViews.get(view)?.size ?? 0;
  }

  /** Forgets votes up to the certified view, and new-views below the current one. */
  forget(certified: number, view: number): void {
    for (const at of this.#votes.keys()) if (at <= certified) this.#votes.delete(at);
    for (const at of this.#newViews.keys()) if (at < view) this.#newViews.delete(at);
  }
}
