import type { Qc } from '../../src/chains/hotstuff2/wire/qc.ts';
import type { Vote } from '../../src/chains/hotstuff2/wire/vote.ts';

/** Views ahead of a replica's own whose votes and new-views it keeps. Beyond, they are dropped: the sender repeats a timeout. */
const MAX_AHEAD = 10_000;

/** What a replica has collected by view: one vote and one new-view of each sender. */
export class VoteBox {
  readonly #votes = new Map<number, Map<number, Vote>>();
  readonly #newViews = new Map<number, Map<number, Qc | undefined>>();

  /** Keeps the first vote of its sender in its view. Returns all for the same block. */
  addVote(vote: Vote, view: number): readonly Vote[] {
    if (vote.view + 1 < view || vote.view > view + MAX_AHEAD) return [];
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

  /** Returns how many have asked for this view. */
  addNewView(wanted: number, sender: number, highest: Qc | undefined, view: number): number {
    if (wanted < view || wanted > view + MAX_AHEAD) return 0;
    let senders = this.#newViews.get(wanted);
    if (!senders) this.#newViews.set(wanted, (senders = new Map()));
    senders.set(sender, highest);
    return senders.size;
  }

  newViews(view: number): number {
    return this.#newViews.get(view)?.size ?? 0;
  }

  /** Forgets views below the one before this. */
  forget(view: number): void {
    for (const at of this.#votes.keys()) if (at + 1 < view) this.#votes.delete(at);
    for (const at of this.#newViews.keys()) if (at < view) this.#newViews.delete(at);
  }
}
