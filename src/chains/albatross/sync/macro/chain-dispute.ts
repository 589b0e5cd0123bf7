import { Backoff } from '../../../../base/backoff.ts';
import { sleep } from '../../../../base/clock.ts';
import type { Anchor } from '../../../../engine/trust.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { RestorableChain } from '../../chain/rebuild-chain.ts';
import { anchorOf, genesisRecord, type ProofRecord } from '../../chain/proof-record.ts';
import type { Hash } from '../../../../base/hash.ts';
import { AskError } from '../ask/asker.ts';
import { maxIdleRounds, tryAside, type Trial } from './chain-trial.ts';
import { decideConflict, isUnknown, isVerified } from './conflicts.ts';
import { finalHash } from '../ask/head-verdict.ts';
import { gatherLists } from './macro-catch-up.ts';
import type { Data, MacroContext } from '../macro-context.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { Accusation, PicoPeer } from '../pico-peer.ts';
import { PastVerifier } from '../past/past-verifier.ts';
import type { Refutation } from '../past/past-verifier.ts';

/**
 * Decides about peers that contradict our chain, and about our chain. Collects accusations, decides by the rule in `conflicts.ts`, and
 * carries the decision out: bans liars, or verifies the other chain with the help of all peers, by the `PastVerifier` or beside our chain.
 * Our chain stays until that is done.
 */
export class ChainDispute {
  readonly prover: PastVerifier;
  readonly #context: MacroContext;
  readonly #onStartOver: () => void;
  /** Monotonic milliseconds since when no heard peer has known our chain. */
  #since: number | undefined;
  #watching = false;
  #trying = false;
  /** `chain-contradicted` was told, and its end was not told yet. */
  #contradicted = false;
  #trialAfter = 0;

  /** `onStartOver`: the chain was replaced; all other state about the old one must be cleared. */
  constructor(context: MacroContext, onStartOver: () => void) {
    this.#context = context;
    this.#onStartOver = onStartOver;
    this.prover = new PastVerifier(context, (refutation) => this.#refuted(refutation));
  }

  /** The block that differs from ours, requested from the peer itself. Undefined: there is no contradiction, or no longer. Throws `AskError`. */
  async provenContradiction(peer: PeerId, theirs: Hash, height: number, chain: LightChain, signal: AbortSignal): Promise<Accusation | undefined> {
    const block = await this.#context.options.asker.block(peer, theirs, signal);
    const ours = finalHash(chain, height);
    if (ours === undefined || ours === theirs) return undefined;
    if (block.header.blockNumber !== height) {
      this.#context.options.report(peer, { kind: 'useless', code: 'impossible-head' });
      return undefined;
    }
    return { kind: 'other-hash', code: 'other-final-block', evidence: { height, hash: theirs, ours } };
  }

  /** The peer is further than we are but knows none of our macro blocks. Finds out which election block it has at our election head's height. */
  async exposeStranger(peer: PeerId, signal: AbortSignal): Promise<Accusation | undefined> {
    const { asker, chain, settings } = this.#context.options;
    const { policy, genesis, electionHead } = chain;
    try {
      const answer = await asker.macroChain(peer, [genesis.hash], settings.maxEpochs, signal);
      const theirs = answer.ok ? answer.value.epochs[policy.epochAt(electionHead.height) - 1] : undefined;
      return theirs === undefined ? undefined : await this.provenContradiction(peer, theirs, electionHead.height, chain, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      return undefined;
    }
  }

  /** As `provenContradiction`, but undefined if the peer does not answer. */
  async provenOrNothing(peer: PeerId, theirs: Hash, height: number, chain: LightChain, signal: AbortSignal): Promise<Accusation | undefined> {
    try {
      return await this.provenContradiction(peer, theirs, height, chain, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      return undefined;
    }
  }

  /** Records an accusation against a peer. `settle` decides about it. */
  accuse(entry: PicoPeer | undefined, accusation: Accusation): void {
    // At genesis there is nothing to weigh: the genesis hash is part of the network's parameters.
    if (accusation.evidence['height'] === this.#context.options.chain.genesis.height && accusation.kind === 'other-hash') {
      if (entry) this.#context.options.report(entry.id, { kind: 'lie', code: 'other-genesis', evidence: accusation.evidence });
      return;
    }
    if (!entry?.move('conflicting', { code: accusation.code, data: accusation.evidence })) return;
    entry.accusation = accusation;
  }

  /** Decides about contradictions whenever there is news. Missing statements, and how long they are missing, decide nothing. */
  settle(): void {
    const { settings, chain, report, disconnect } = this.#context.options;
    if (chain.head.height === chain.genesis.height) return this.#watch(false);
    this.#settlePetrels();
    const accused = this.#accused().map((entry) => ({ ...entry.accusation!, subnet: entry.peer.subnet, id: entry.id }));
    const unrelated = this.#unrelated().map(({ peer }) => peer.subnet);
    const view = { anchor: this.#context.anchor, accused, unrelated, confirming: this.#confirming(), wanted: settings.witnesses };
    this.#watch(isUnknown(view));
    switch (decideConflict({ ...view, unknown: this.#unknownFor(settings.witnessWait) })) {
      case 'none':
        return this.#endContradiction();
      case 'liars':
        for (const { id, kind, code, evidence } of accused) {
          // The peer knows none of our blocks. That is no provable lie, so it is only disconnected.
          if (kind === 'unknown-anchor') disconnect(id, code);
          else report(id, { kind: 'lie', code, evidence });
        }
        return;
      case 'trial':
        return this.#try();
    }
  }

  /** Nodes of the network that contradict our chain. */
  #accused(): readonly PicoPeer[] {
    return this.#context.entries.filter(({ accusation, state, peer }) => accusation && state === 'conflicting' && peer.witness);
  }

  /** Nodes of the network that are behind us and not shown to be on our chain. */
  #unrelated(): readonly PicoPeer[] {
    return this.#context.entries.filter(({ state, unrelated, peer }) => unrelated && (state === 'outdated' || state === 'asking') && peer.witness);
  }

  /** Whether no heard peer has known our chain for that many milliseconds. */
  #unknownFor(ms: number): boolean {
    return this.#since !== undefined && this.#context.options.clock.monotonic() - this.#since >= ms;
  }

  /** Reports when no heard peer has known our chain for `witnessWait`, and when that ends. */
  #watch(unknown: boolean): void {
    const { clock, settings, onUnknown } = this.#context.options;
    if (!unknown) this.#since = undefined;
    else this.#since ??= clock.monotonic();
    const left = this.#since === undefined ? 0 : this.#since + settings.witnessWait - clock.monotonic();
    onUnknown(unknown && left <= 0);
    if (left <= 0 || this.#watching) return;
    this.#watching = true;
    this.#context.after(left, () => {
      this.#watching = false;
      this.settle();
    });
  }

  /**
   * Petrel clients that contradict us are no reason to doubt our chain, however many there are: they are disconnected. If our chain is
   * verified from genesis, their contradiction is a lie.
   */
  #settlePetrels(): void {
    const { report, disconnect } = this.#context.options;
    for (const { id, peer, state, accusation } of this.#context.entries) {
      if (peer.witness || state !== 'conflicting' || !accusation) continue;
      const { kind, code, evidence } = accusation;
      if (this.#context.anchor.kind === 'genesis' && isVerified(this.#context.anchor) && kind !== 'unknown-anchor') report(id, { kind: 'lie', code, evidence });
      else disconnect(id, code);
    }
  }

  /**
   * Starts an empty chain on what is proven, with nothing more taken on trust. While peers are asked for a proof, the chain may have come
   * as far by its election blocks; then it stays. `signal`: of the task that runs this.
   */
  async startFromProven(signal: AbortSignal): Promise<void> {
    const { chain } = this.#context.options;
    this.#context.fromGenesis = true;
    const peers = () => this.#context.able.map(({ peer }) => peer);
    await this.prover.takeProof(peers, false, signal);
    const { proven } = this.prover;
    if (proven && proven.head.block.header.blockNumber > chain.electionHead.height) await this.#standOn(proven, signal);
    else this.#startOver();
  }

  /** Starts over from a zero-knowledge proof, if any peer has one by now. */
  async takeUpProof(signal: AbortSignal): Promise<void> {
    const peers = () => this.#context.able.map(({ peer }) => peer);
    if (await this.prover.takeProof(peers, false, signal)) await this.startFromProven(signal);
  }

  /** Replaces our chain by what the record has proven. */
  async #standOn(record: ProofRecord, signal: AbortSignal, before?: () => void): Promise<void> {
    const { asker, clock } = this.#context.options;
    const { anchor } = this.#context;
    const { head, checked } = record;
    this.#context.replacing = true;
    try {
      const others = () => this.#context.able.map(({ peer }) => peer);
      const usable = (id: PeerId) => this.#context.able.some((entry) => entry.id === id);
      // Its validator list was not compared with other copies yet, and the live sync may need it.
      await gatherLists({ asker, clock, others, usable, signal }, head);
    } finally {
      this.#context.replacing = false;
    }
    // Another trial has replaced the anchor meanwhile, and may have verified more.
    if (this.#context.anchor !== anchor) return;
    await this.#replace({ election: head.block, checkpoint: undefined, tail: [], checked }, anchorOf(record), before);
  }

  /** Replaces the chain in one step, so that no state between the two is visible. `before`: runs just before. */
  async #replace(other: RestorableChain, anchor: Anchor, before?: () => void): Promise<void> {
    this.#context.fromGenesis = true;
    this.#context.replacing = true;
    try {
      before?.();
      await this.#context.options.chain.restore(other, () => this.#context.setAnchor(anchor));
    } finally {
      this.#context.replacing = false;
    }
    // This runs even if the sync is stopping: the new chain must be stored in place of the old one.
    this.#startOver();
  }

  /** The number of peers that named a final block of ours. If genesis is our only final block, every live peer has named it. */
  #confirming(): number {
    const { chain } = this.#context.options;
    const nothingFinal = chain.macroHead.height === chain.genesis.height;
    return this.#context.entries.filter(({ state, confirms }) => (confirms && state !== 'conflicting' && state !== 'aside' && state !== 'banned') || (state === 'live' && nothingFinal)).length;
  }

  /** The chain was replaced, or is about to be rebuilt from genesis. */
  #startOver(): void {
    this.#since = undefined;
    this.#onStartOver();
    for (const entry of this.#context.entries) {
      if (entry.state === 'live') entry.move('asking');
      this.#context.ask(entry);
    }
  }

  /** Verifies what contradicts our chain, from a block that needs no trust and with the help of all peers. Our chain stays until that has decided. */
  #try(): void {
    const { clock, tasks } = this.#context.options;
    if (this.#trying || clock.monotonic() < this.#trialAfter) return;
    this.#trying = true;
    tasks.run(async (signal) => {
      try {
        const { anchor } = this.#context;
        // If a block was taken on trust, the proof up to that block decides; its result is kept.
        const byProof = anchor.kind === 'witnesses' || (!isVerified(anchor) && this.#accused().length === 0) || (anchor.kind === 'pinned' && isVerified(anchor) && this.#confirming() > 0);
        await (byProof ? this.#tryByProof(signal) : this.#tryAside(signal));
      } finally {
        this.#trying = false;
      }
      this.settle();
    });
  }

  async #tryByProof(signal: AbortSignal): Promise<void> {
    const { chain, clock, random, onNotice } = this.#context.options;
    if (this.#accused().length > 0) onNotice('warning', 'verifying-from-genesis', { height: chain.electionHead.height });
    const backoff = new Backoff(random, { base: 1000, cap: 30_000 });
    const { anchor } = this.#context;
    for (let idle = 0; idle < maxIdleRounds; ) {
      const peers = this.#context.able.map(({ peer }) => peer);
      const gained = await this.prover.round(peers, false, signal);
      if (this.#context.anchor !== anchor) return;
      if (gained > 0) continue;
      idle += 1;
      await sleep(clock, backoff.next(), signal);
    }
    this.#putOff();
    await this.#leaveUnproven(anchor, signal);
  }

  /**
   * Called when no proof reaches the block that was taken on trust, because the present peers do not have it. If our chain was never
   * verified and no peer has known it for `recheckInterval` (long enough to ask all peers again), it is replaced by the chain that those
   * peers have and that is verified from genesis, even if that is shorter.
   */
  async #leaveUnproven(anchor: Anchor, signal: AbortSignal): Promise<void> {
    const { chain, settings } = this.#context.options;
    const left = () => this.#context.anchor === anchor && !isVerified(anchor) && this.#unrelated().length > 0 && this.#confirming() === 0 && this.#unknownFor(settings.recheckInterval);
    if (!left()) return;
    const { latest } = this.prover;
    const proven = latest.head.block.header.blockNumber;
    const known = this.#unrelated().some(({ height = 0 }) => chain.policy.lastElectionBlock(height) === proven);
    if (proven > chain.genesis.height) {
      if (known) await this.#standOn(latest, signal, () => this.#setAside('other-chain', {}));
      return;
    }
    // They are in the first epoch, so only its checkpoints can be verified.
    const trial = await tryAside(this.#context, [], ({ aside }) => aside.macroHead.height > chain.genesis.height, signal);
    if (trial && trial.aside.macroHead.height > chain.genesis.height && left()) await this.#giveUpFor(trial);
  }

  /**
   * A chain that was verified here is given up only for one that is verified too, reaches further, and is known to peers while ours is not.
   * A chain that was read from storage and not verified since is given up for what refutes it. It counts as verified if the other chain
   * turns out to be the same.
   */
  async #tryAside(signal: AbortSignal): Promise<void> {
    const { chain, onNotice } = this.#context.options;
    onNotice('warning', 'chain-contradicted', { height: chain.macroHead.height });
    this.#contradicted = true;
    const { anchor } = this.#context;
    const verified = isVerified(anchor);
    const better = ({ aside, comparison }: Trial) => comparison === 'other' && (!verified || (aside.macroHead.height > chain.macroHead.height && this.#confirming() === 0));
    const reached = ({ aside, comparison }: Trial) => comparison === 'same' && aside.electionHash(chain.electionHead.height) === chain.electionHead.hash;
    const accused = this.#accused();
    const trial = await tryAside(this.#context, accused, (at) => better(at) || reached(at), signal);
    if (!trial) return;
    if (better(trial)) return this.#giveUpFor(trial);
    if (!reached(trial)) return this.#putOff();
    if (!verified) this.#context.setAnchor({ ...anchor, unchecked: undefined });
    // The accused peers have moved on, or lied and will lie again: ask them anew.
    this.#putOff();
    for (const entry of accused) this.#context.ask(entry);
  }

  /** The peers that contradicted our chain have left, were banned, or contradict it no more. */
  #endContradiction(): void {
    const { chain, onNotice } = this.#context.options;
    if (!this.#contradicted || this.#trying) return;
    this.#contradicted = false;
    onNotice('info', 'contradiction-over', { height: chain.macroHead.height });
  }

  /** No peer could show another chain. Our chain stays as it is, and a trial is allowed again after `recheckInterval`. */
  #putOff(): void {
    const { clock, settings } = this.#context.options;
    this.#trialAfter = clock.monotonic() + settings.recheckInterval;
    this.#context.after(settings.recheckInterval, () => this.settle());
  }

  /** Another chain is verified, and no heard peer knows ours. */
  #giveUpFor({ aside, fromGenesis }: Trial): Promise<void> {
    const { chain } = this.#context.options;
    const { electionHead, macroHead } = aside;
    const anchor = fromGenesis ? this.#context.genesisAnchor() : this.#context.anchor;
    const checkpoint = macroHead.hash === electionHead.hash ? undefined : macroHead.block;
    const election = electionHead.hash === chain.genesis.hash ? undefined : electionHead.block;
    this.#contradicted = false;
    return this.#replace({ election, checkpoint, tail: [], checked: aside.checked }, anchor, () => {
      this.#setAside('other-chain', {});
      if (fromGenesis) this.prover.replace(election && { ...genesisRecord(chain), head: { block: election, hash: electionHead.hash, peer: '' }, checked: aside.checked });
    });
  }

  /** Our chain is not on the proven one. The witnesses that vouched for it in this session have lied. */
  async #refuted({ record, height, ours, proven }: Refutation): Promise<void> {
    const { report, tasks } = this.#context.options;
    const { anchor } = this.#context;
    // The pinned block of the release contradicts this record; our verified chain stays until something further is verified.
    if (anchor.kind === 'pinned' && isVerified(anchor)) return;
    const { proven: most } = this.prover;
    const better = most && most.head.block.header.blockNumber >= height ? most : record;
    await this.#standOn(better, tasks.signal, () => {
      const unknown = this.#context.restored(anchor) && this.#accused().length > 0 && this.#confirming() === 0;
      this.#setAside(unknown ? 'other-chain' : 'anchor-refuted', { provenHeight: height, proven, ours });
      // A witness is not banned on a stored anchor alone.
      if (this.#context.restored(anchor)) return;
      for (const { peer } of anchor.witnesses) report(peer, { kind: 'lie', code: 'false-witness', evidence: { height: anchor.height, hash: anchor.hash, provenHeight: height, proven, ours } });
    });
  }

  #setAside(code: 'other-chain' | 'anchor-refuted', more: Data): void {
    const { chain, onNotice, onAbandoned } = this.#context.options;
    const { anchor } = this.#context;
    const data = { height: chain.head.height, hash: chain.head.hash, anchorHeight: anchor.height, anchorHash: anchor.hash };
    onNotice('warning', code, { ...data, ...more });
    onAbandoned(data);
  }
}
