import { faultsOf, leaderOf, quorumOf } from '../../src/chains/hotstuff2/chain/quorum.ts';
import { decodeMessage, encodeMessage, type NewView, type Proposal, type ReplicaMessage } from '../../src/chains/hotstuff2/wire/messages.ts';
import { decodeBlock } from '../../src/chains/hotstuff2/wire/block.ts';
import { decodeQc, encodeQc } from '../../src/chains/hotstuff2/wire/qc.ts';
import type { Qc } from '../../src/chains/hotstuff2/wire/qc.ts';
import type { Vote } from '../../src/chains/hotstuff2/wire/vote.ts';
import { WireError } from '../../src/chains/hotstuff2/wire/wire-error.ts';
import { brokenRule } from './block-rules.ts';
import { blockBytes, BlockStore, storedBlock, type Certificate, type StoredBlock } from './block-store.ts';
import type { BusEnd, BusMessage, SentBlock } from './bus.ts';
import { certify, isCertificate, isVoteInTime, isVoteSigned, signedVote } from './certify.ts';
import { makeBlock } from './make-block.ts';
import type { Epoch } from './validator-epochs.ts';
import { VoteBox } from './vote-box.ts';
import type { World } from './world.ts';

/** Milliseconds for proposal and votes of a view, the factor by which each timeout in a row makes it longer, and the most (HotStuff-2 reference, 2). */
const TIMEOUT = { first: 2000, factor: 1.5, most: 30_000 } as const;
/** Blocks in one answer to a replica that lacks them. */
const MAX_SENT = 64;
/** Messages that wait for a block. At the bound the oldest is dropped. */
const MAX_WAITING = 256;

/** One replica: it proposes, votes, times out and changes leaders (HotStuff-2 reference, 2), and makes both checks that the library leaves out (2.1.5). */
export class Replica implements BusEnd {
  readonly index: number;
  readonly store: BlockStore;
  readonly #world: World;
  readonly #n: number;
  readonly #box = new VoteBox();
  readonly #waiting: { readonly hash: string; readonly resume: () => void }[] = [];
  #view = 0;
  #lastVoted = -1;
  #lastProposed = -1;
  #highest: Certificate | undefined;
  #timeoutsInARow = 0;
  #cancelTimer: () => void = () => undefined;
  #cancelProposal: () => void = () => undefined;
  #deferred: (() => void) | undefined;
  #running = false;
  /** Sends two blocks when it leads, one to each half of the others, and votes for both. */
  equivocates = false;

  constructor(index: number, replicas: number, world: World) {
    this.index = index;
    this.#n = replicas;
    this.#world = world;
    this.store = new BlockStore(world.genesis);
    world.bus.add(this);
  }

  get view(): number {
    return this.#view;
  }

  get running(): boolean {
    return this.#running;
  }

  /** The certified block of the highest view that it knows; genesis before there is one. */
  get certifiedTip(): StoredBlock {
    return (this.#highest && this.store.get(this.#highest.qc.hash)) ?? this.store.finalTip;
  }

  /** Whether it leads and waits for `mayPropose`. */
  get deferred(): boolean {
    return this.#deferred !== undefined;
  }

  /** Starts, or starts again with what it kept: blocks, view, vote and lock. */
  start(): void {
    this.#running = true;
    this.#world.bus.setDown(this.index, false);
    this.#enter(this.#view);
    if (this.#view === 0 && this.#lastProposed < 0 && leaderOf(0, this.#n) === this.index) this.#propose();
  }

  stop(): void {
    this.#running = false;
    this.#world.bus.setDown(this.index, true);
    this.#cancelTimer();
    this.#cancelProposal();
    this.#deferred = undefined;
  }

  /** Proposes what `mayPropose` held back. */
  proposeDeferred(): void {
    const propose = this.#deferred;
    this.#deferred = undefined;
    propose?.();
  }

  receive(message: BusMessage, from: number): void {
    if (!this.#running) return;
    switch (message.kind) {
      case 'consensus':
        return this.#receiveConsensus(message.bytes, from);
      case 'fetch':
        return this.#world.bus.send(this.index, from, { kind: 'blocks', blocks: this.#blocksFor(message.hash, message.above) });
      case 'blocks':
        return this.#takeBlocks(message.blocks, from);
    }
  }

  #receiveConsensus(bytes: Uint8Array, from: number): void {
    let message: ReplicaMessage;
    try {
      message = decodeMessage(bytes);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return this.#drop(error.code);
    }
    if (message.sender !== from) return this.#drop('sender');
    switch (message.kind) {
      case 'proposal':
        return this.#onProposal(message, from);
      case 'vote':
        return message.vote.index === from ? this.#onVote(message.vote, from) : this.#drop('sender');
      case 'new-view':
        return this.#onNewView(message, from);
    }
  }

  #onProposal(message: Proposal, from: number): void {
    const block = storedBlock(message.block);
    const { justify, view } = message;
    if (block.header.view !== view || block.header.proposer !== from || leaderOf(view, this.#n) !== from) return this.#drop('proposer');
    const parent = this.store.get(block.header.parent);
    if (!parent) return this.#fetch(block.header.parent, from, () => this.#onProposal(message, from));
    // Both checks of 2.1.5: the certificate is valid, and it is the parent's.
    if (justify ? justify.hash !== parent.hash || !this.#isValid(justify, parent) : parent.header.height !== 0) return this.#drop('justify');
    // An old one: its branch has lost to what is final.
    if (parent.header.height < this.store.finalTip.header.height) return;
    const broken = this.#broken(block, parent);
    if (broken !== undefined) return this.#drop(broken);
    const lock = this.#highest;
    const locked = lock && this.store.get(lock.qc.hash);
    const mayVote = !lock || (justify && justify.view > lock.qc.view) || (locked && this.store.descends(block, locked));
    const stored = this.store.add(block);
    if (justify) this.#learn({ qc: justify, bytes: encodeQc(justify) });
    if (view < this.#view) return;
    if (view > this.#view) this.#enter(view);
    if (mayVote) this.#vote(stored);
    this.#form(view, stored.hash);
    this.#resume(stored.hash);
  }

  #vote(block: StoredBlock, to?: readonly number[]): void {
    const { view, validators } = block.header;
    if (this.#lastVoted >= view && !this.equivocates) return;
    this.#lastVoted = view;
    const { keys, set } = this.#epoch(validators)!;
    const vote = signedVote(keys[this.index]!, set.scheme, { view, hash: block.hash, index: this.index, time: this.#world.clock.now() });
    this.#send({ kind: 'vote', view, sender: this.index, vote }, to);
    this.#onVote(vote, this.index);
  }

  #onVote(vote: Vote, from: number): void {
    if (!isVoteInTime(vote, this.#world.epochs.scheme, this.#world.clock.now())) return this.#drop('vote-time');
    const votes = this.#box.addVote(vote, this.#highest?.qc.view ?? -1, this.#view);
    if (votes.length < quorumOf(this.#n)) return;
    if (this.store.get(vote.hash)) this.#form(vote.view, vote.hash);
    else this.#fetch(vote.hash, from, () => this.#form(vote.view, vote.hash));
  }

  /** Makes the certificate of a block when its votes suffice. */
  #form(view: number, hash: string): void {
    const block = this.store.get(hash);
    if (!block || block.certificate || block.header.view !== view) return;
    const { set } = this.#epoch(block.header.validators)!;
    const votes = this.#box.votesFor(view, hash).filter((vote) => {
      if (isVoteSigned(vote, set, this.#world.verifier)) return true;
      this.#box.removeVote(vote);
      this.#drop('vote-signature');
      return false;
    });
    const certificate = certify(votes, set);
    if (certificate) this.#learn(certificate);
  }

  /** Takes a certificate that was verified, of a block that is known. */
  #learn(certificate: Certificate): void {
    const { qc } = certificate;
    const block = this.store.get(qc.hash)!;
    block.certificate ??= certificate;
    const parent = this.store.get(block.header.parent);
    // Two certificates of consecutive views, parent and child: the parent is final, and all before it.
    if (parent?.certificate && block.header.view === parent.header.view + 1) this.#finalize(parent, block);
    if (!this.#highest || qc.view > this.#highest.qc.view) {
      this.#highest = certificate;
      this.#world.told.certified(this.index, block);
    }
    if (qc.view >= this.#view) {
      this.#enter(qc.view + 1);
      if (leaderOf(this.#view, this.#n) === this.index) this.#propose();
    }
  }

  #finalize(block: StoredBlock, child: StoredBlock): void {
    if (block.header.height <= this.store.finalTip.header.height) {
      if (this.store.final[block.header.height]?.hash !== block.hash) this.#world.told.conflict(this.index, block);
      return;
    }
    const blocks = this.store.finalize(block);
    if (!blocks) return this.#world.told.conflict(this.index, block);
    this.#timeoutsInARow = 0;
    this.#world.told.final(this.index, blocks, child);
    const lost = block.header.height % 32 === 0 ? this.store.prune() : [];
    if (lost.length > 0) this.#world.told.lost(this.index, lost);
  }

  #onNewView(message: NewView, from: number): void {
    const { view, highest } = message;
    if (highest) {
      const block = this.store.get(highest.hash);
      if (!block) return this.#fetch(highest.hash, from, () => this.#onNewView(message, from));
      if (!this.#isValid(highest, block)) return this.#drop('new-view');
      this.#learn({ qc: highest, bytes: encodeQc(highest) });
    }
    this.#box.addNewView(view, from, highest, this.#view);
    // One correct replica at least has come that far: go with it, so that replicas that timed out at different times meet in one view.
    const reached = this.#box.reachedBy(faultsOf(this.#n) + 1);
    if (reached > this.#view) this.#timeOutTo(reached);
    this.#proposeAfterTimeout(this.#view);
  }

  #timeOutTo(view: number): void {
    this.#enter(view);
    this.#send({ kind: 'new-view', view, sender: this.index, highest: this.#highest?.qc });
    this.#box.addNewView(view, this.index, this.#highest?.qc, view);
    this.#proposeAfterTimeout(view);
  }

  /** The leader of a view that begins with a timeout waits for a quorum of new-views, and proposes on the highest certificate in them. */
  #proposeAfterTimeout(view: number): void {
    if (view === this.#view && leaderOf(view, this.#n) === this.index && this.#box.newViews(view) >= quorumOf(this.#n)) this.#propose();
  }

  #enter(view: number): void {
    this.#view = view;
    this.#deferred = undefined;
    this.#cancelProposal();
    this.#cancelTimer();
    this.#box.forget(this.#highest?.qc.view ?? -1, view);
    const { clock, blockTime, told } = this.#world;
    const wait = Math.round(Math.min(TIMEOUT.most, TIMEOUT.first * TIMEOUT.factor ** this.#timeoutsInARow)) + blockTime;
    this.#cancelTimer = clock.after(wait, () => {
      this.#timeoutsInARow += 1;
      told.timeout(this.index, this.#view);
      this.#timeOutTo(this.#view + 1);
    });
  }

  #propose(): void {
    const view = this.#view;
    if (this.#lastProposed >= view) return;
    const parent = this.#highest ? this.store.get(this.#highest.qc.hash)! : this.#world.genesis;
    const { clock, blockTime } = this.#world;
    const propose = () => {
      if (this.#view !== view || this.#lastProposed >= view || !this.#running) return;
      if (!this.#world.mayPropose(parent.header.height + 1)) {
        this.#deferred = propose;
        return;
      }
      this.#lastProposed = view;
      this.#proposeOn(parent, view);
    };
    const wait = parent.header.height === 0 ? 0 : parent.header.time + blockTime - clock.now();
    // A single replica certifies its block at once. Without the timer, each block would be made within the call that made the one before.
    if (wait <= 0 && this.#n > 1) propose();
    else this.#cancelProposal = clock.after(Math.max(wait, 0), propose);
  }

  #proposeOn(parent: StoredBlock, view: number): void {
    const justify = this.#highest?.qc;
    const others = Array.from({ length: this.#n }, (_, i) => i).filter((i) => i !== this.index);
    const halves = this.equivocates ? [others.slice(0, others.length >> 1), others.slice(others.length >> 1)] : [others];
    for (const [variant, to] of halves.entries()) {
      const made = makeBlock(parent, view, this.index, this.#world, this.store, variant);
      if (!made || this.#broken(made, parent) !== undefined) return this.#drop('own-block');
      const block = this.store.add(made);
      this.#send({ kind: 'proposal', view, sender: this.index, block, justify }, to);
      this.#vote(block, to);
    }
  }

  #send(message: ReplicaMessage, to?: readonly number[]): void {
    const sent = { kind: 'consensus' as const, bytes: encodeMessage(message) };
    if (!to || to.length === this.#n - 1) this.#world.bus.broadcast(this.index, sent);
    else for (const replica of to) this.#world.bus.send(this.index, replica, sent);
  }

  /** Asks `from` for a block, and goes on when it is there. */
  #fetch(hash: string, from: number, resume: () => void): void {
    this.#waiting.push({ hash, resume });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#world.bus.send(this.index, from, { kind: 'fetch', hash, above: this.store.finalTip.header.height });
  }

  #blocksFor(hash: string, above: number): readonly SentBlock[] {
    const blocks: SentBlock[] = [];
    for (let block = this.store.get(hash); block && block.header.height > above; block = this.store.get(block.header.parent)) {
      blocks.push({ bytes: blockBytes(block), qc: block.certificate?.bytes });
    }
    // The lowest ones, if they are too many: the rest is asked for again.
    return blocks.toReversed().slice(0, MAX_SENT);
  }

  #takeBlocks(blocks: readonly SentBlock[], from: number): void {
    let last: StoredBlock | undefined;
    for (const { bytes, qc } of blocks) {
      const given = storedBlock(decodeBlock(bytes));
      const parent = this.store.get(given.header.parent);
      if (!parent || this.#broken(given, parent) !== undefined) break;
      last = this.store.add(given);
      const certificate = qc && decodeQc(qc);
      if (certificate && certificate.hash === last.hash && this.#isValid(certificate, last)) this.#learn({ qc: certificate, bytes: qc! });
      this.#resume(last.hash);
    }
    const wanted = this.#waiting.at(-1);
    if (wanted && last && blocks.length === MAX_SENT) this.#world.bus.send(this.index, from, { kind: 'fetch', hash: wanted.hash, above: last.header.height });
  }

  #resume(hash: string): void {
    const ready = this.#waiting.filter((waiting) => waiting.hash === hash);
    if (ready.length === 0) return;
    const rest = this.#waiting.filter((waiting) => waiting.hash !== hash);
    this.#waiting.splice(0, this.#waiting.length, ...rest);
    for (const { resume } of ready) resume();
  }

  #broken(block: StoredBlock, parent: StoredBlock): string | undefined {
    const { ledger, epochs, network } = this.#world;
    return this.store.get(block.hash) ? undefined : brokenRule(block, parent, { store: this.store, ledger, epochs, chainId: network.chainId });
  }

  /** Whether a certificate is valid for the set that the block itself names, and for the block's view. */
  #isValid(qc: Qc, block: StoredBlock): boolean {
    return qc.view === block.header.view && isCertificate(qc, this.#epoch(block.header.validators)!.set, this.#world.verifier);
  }

  #epoch(hash: string): Epoch | undefined {
    return this.#world.epochs.get(hash);
  }

  #drop(rule: string): void {
    this.#world.told.dropped(this.index, rule);
  }
}
