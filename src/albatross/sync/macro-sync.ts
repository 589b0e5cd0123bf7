import { Backoff } from '../../engine/backoff.ts';
import { sleep } from '../../engine/clock.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Random } from '../../engine/random.ts';
import type { Tasks } from '../../engine/tasks.ts';
import type { Anchor } from '../../engine/trust.ts';
import type { LightChain } from '../chain/light-chain.ts';
import { verdictOf } from '../chain/rules/verdict.ts';
import type { BlockErrorCode } from '../chain/rules/codes.ts';
import type { Head } from '../wire/requests.ts';
import type { Hash, MacroBlock } from '../wire/types.ts';
import { providesServices } from '../wire/services.ts';
import { AskError } from './asker.ts';
import type { Asker } from './asker.ts';
import { decideConflict } from './conflicts.ts';
import { ElectionWitnesses } from './election-witnesses.ts';
import type { Agreement } from './election-witnesses.ts';
import { compareHead, finalHash } from './head-verdict.ts';
import type { HeadVerdict } from './head-verdict.ts';
import { catchUp } from './macro-catch-up.ts';
import type { CatchUpOutcome } from './macro-catch-up.ts';
import type { PeerId, PeerReport, SyncPeer } from './net.ts';
import { PicoPeer } from './pico-peer.ts';
import type { Accusation } from './pico-peer.ts';
import type { SyncSettings } from './settings.ts';

type Data = Readonly<Record<string, string | number>>;

export interface MacroSyncOptions {
  readonly chain: LightChain;
  /** An empty chain of the same network, for verification from genesis beside the running one. Without it the running one is reset for that. */
  readonly trialChain?: (() => LightChain) | undefined;
  readonly asker: Asker;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: SyncSettings;
  readonly tasks: Tasks;
  readonly report: (peer: PeerId, report: PeerReport) => void;
  readonly disconnect: (peer: PeerId, reason: string) => void;
  readonly onPeer: (peer: PicoPeer) => void;
  readonly onAnchor: (anchor: Anchor) => void;
  readonly onNotice: (level: 'info' | 'warning' | 'error', code: string, data: Data) => void;
  /** The chain we had is set aside. */
  readonly onAbandoned: (data: Data) => void;
  readonly onTooNew: (peer: PeerId, height: number) => void;
  /** Epochs done and to do of a running catch-up; undefined when it is over. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number } | undefined) => void;
}

/** Peers asked for their macro chain in one round. */
const maxCatchUpPeers = 8;
/** Rounds without a new block after which a trial is put off. */
const maxIdleRounds = 4;

/**
 * Pico macro sync over all peers: asks each for its head and decides where it stands, takes the first election block on the word of
 * agreeing witnesses, catches up epochs, and resolves contradictions. What each peer is at is in its `PicoPeer`; the rules are in
 * `head-verdict.ts`, `election-witnesses.ts`, `conflicts.ts` and `macro-catch-up.ts`. Albatross block reference, 6.2 to 6.5.
 */
export class MacroSync {
  readonly #options: MacroSyncOptions;
  readonly #peers = new Map<PeerId, PicoPeer>();
  readonly #witnesses: ElectionWitnesses;
  #anchor: Anchor;
  /** The chain is to be verified from genesis: nothing more is taken on trust. */
  #fromGenesis = false;
  #pinTried = false;
  #witnessSince: number | undefined;
  #conflictSince: number | undefined;
  #deciding = false;
  #catchingUp = false;
  #wakeCatchUp: (() => void) | undefined;
  #trying = false;
  #trialAfter = 0;

  constructor(options: MacroSyncOptions, anchor: Anchor | undefined) {
    this.#options = options;
    this.#anchor = anchor ?? this.#genesisAnchor();
    this.#witnesses = new ElectionWitnesses(options.chain.policy, options.settings.witnesses);
  }

  get anchor(): Anchor {
    return this.#anchor;
  }

  get peers(): readonly PicoPeer[] {
    return Array.from(this.#peers.values());
  }

  peer(id: PeerId): PicoPeer | undefined {
    return this.#peers.get(id);
  }

  /** The peers in live sync, those that answer first. */
  live(): readonly PeerId[] {
    return this.peers
      .filter(({ state }) => state === 'live')
      .toSorted((a, b) => a.silences - b.silences)
      .map(({ id }) => id);
  }

  join(peer: SyncPeer): void {
    this.leave(peer.id);
    const entry = new PicoPeer(peer, this.#options.onPeer);
    this.#peers.set(peer.id, entry);
    this.#options.onPeer(entry);
    this.#ask(entry);
  }

  leave(id: PeerId): void {
    const entry = this.#peers.get(id);
    if (!entry) return;
    this.#peers.delete(id);
    this.#witnesses.remove(id);
    entry.move('gone');
    this.#settle();
  }

  /** A peer has lied: nothing it said counts any more. */
  banned(id: PeerId, code: string, data: Data): void {
    this.#witnesses.remove(id);
    this.#peers.get(id)?.move('banned', { code, data });
  }

  /** A live peer does not fit the live sync: its head is asked for and compared anew. */
  misfit(id: PeerId): void {
    const entry = this.#peers.get(id);
    const { clock, settings } = this.#options;
    if (entry?.state !== 'live' || clock.monotonic() - entry.askedAt < settings.reaskInterval) return;
    this.#ask(entry);
  }

  /** A live peer's head, from a head round. False: it no longer fits the live sync. */
  headOfLive(id: PeerId, head: Head): boolean {
    const entry = this.#peers.get(id);
    if (entry?.state !== 'live') return false;
    entry.height = head.blockNumber;
    entry.silences = 0;
    const { chain, settings } = this.#options;
    const verdict = this.#compare(head);
    if ('confirms' in verdict) entry.confirms = verdict.confirms;
    const tooFar = head.blockNumber > chain.head.height + settings.windowAheadBatches * chain.policy.blocksPerBatch;
    if (verdict.kind === 'good' || (verdict.kind === 'ahead' && !tooFar)) return true;
    this.misfit(id);
    return false;
  }

  /** A peer has shown a block that we took. */
  noteHeight(id: PeerId, height: number): void {
    const entry = this.#peers.get(id);
    if (entry) entry.height = Math.max(entry.height ?? 0, height);
  }

  /** A live peer did not answer. */
  silent(id: PeerId): void {
    const entry = this.#peers.get(id);
    if (!entry) return;
    entry.silences += 1;
    if (entry.silences >= this.#options.settings.askAttempts) this.#options.disconnect(id, 'unresponsive');
  }

  /** Whether the chain stands on something: blocks of its own, or the decision to verify from genesis. */
  get #anchored(): boolean {
    return this.#fromGenesis || this.#options.chain.head.height > this.#options.chain.genesis.height;
  }

  /** Whoever can be asked for macro blocks. */
  get #able(): readonly PicoPeer[] {
    return this.peers.filter(({ state, peer }) => state !== 'banned' && state !== 'gone' && providesServices(peer.services, this.#options.settings.requiredServices));
  }

  #genesisAnchor(): Anchor {
    const { height, hash } = this.#options.chain.genesis;
    return { kind: 'genesis', height, hash, witnesses: [], fewWitnesses: false };
  }

  #setAnchor(anchor: Anchor): void {
    this.#anchor = anchor;
    this.#options.onAnchor(anchor);
  }

  #compare(head: Head): HeadVerdict {
    const { chain, settings } = this.#options;
    return compareHead(head, chain, settings.toleratePastBatches * chain.policy.blocksPerBatch);
  }

  // One peer

  #ask(entry: PicoPeer): void {
    this.#options.tasks.run((signal) => this.#askAndWait(entry, signal), entry.signal);
  }

  async #askAndWait(entry: PicoPeer, signal: AbortSignal): Promise<void> {
    if (entry.busy) {
      entry.again = true;
      return;
    }
    entry.busy = true;
    try {
      do {
        entry.again = false;
        if (entry.state !== 'live' && !entry.move('asking')) break;
        if (!(await this.#askHead(entry, signal))) this.#options.disconnect(entry.id, 'no-usable-answer');
      } while (entry.again);
    } finally {
      entry.busy = false;
    }
    this.#settle();
    if (this.#witnesses.size > 0) this.#decideWitnesses();
  }

  /** Until it has told where it stands. False when it could not in all its attempts. */
  async #askHead(entry: PicoPeer, signal: AbortSignal): Promise<boolean> {
    const { asker, clock, random, settings } = this.#options;
    const backoff = new Backoff(random, { base: 500, cap: 10_000 });
    for (let attempt = 0; attempt < settings.askAttempts; attempt += 1) {
      if (attempt > 0) await sleep(clock, backoff.next(), signal);
      entry.askedAt = clock.monotonic();
      try {
        const head = await asker.head(entry.id, signal);
        entry.height = head.blockNumber;
        if (await this.#place(entry, head, signal)) {
          entry.silences = 0;
          return true;
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AskError)) throw error;
      }
    }
    return false;
  }

  /** Decides where a peer with this head stands. False: its answer was of no use. */
  async #place(entry: PicoPeer, head: Head, signal: AbortSignal): Promise<boolean> {
    const { chain, settings, report } = this.#options;
    const verdict = this.#compare(head);
    entry.confirms = 'confirms' in verdict && verdict.confirms;
    if (verdict.kind === 'impossible') {
      report(entry.id, { kind: 'useless', code: 'impossible-head' });
      return false;
    }
    if (!providesServices(entry.peer.services, settings.requiredServices)) return this.#placeIncompatible(entry, head, verdict);
    if (verdict.kind === 'contradiction') return this.#placeContradicting(entry, verdict, signal);
    if (verdict.kind === 'outdated') {
      entry.move('outdated', { code: 'behind', data: { height: head.blockNumber, ours: chain.head.height } });
      this.#recheck(entry, verdict.near ? settings.reaskInterval : settings.recheckInterval);
      return true;
    }
    if (!this.#anchored) return this.#addWitness(entry, head, signal);
    if (verdict.kind === 'good') {
      entry.fruitless = 0;
      entry.move('live');
    } else {
      entry.move('ahead');
      this.#catchUp();
    }
    return true;
  }

  /** It cannot serve macro blocks; but when its head fits ours it is good enough for the live sync. */
  #placeIncompatible(entry: PicoPeer, head: Head, verdict: HeadVerdict): boolean {
    const { chain, settings } = this.#options;
    const { policy } = chain;
    const fits = policy.batchAt(head.blockNumber) >= policy.batchAt(chain.head.height) - 1 && head.blockNumber <= chain.head.height + settings.windowAheadBatches * policy.blocksPerBatch;
    if (this.#anchored && fits && (verdict.kind === 'good' || verdict.kind === 'ahead')) entry.move('live');
    else {
      entry.move('incompatible', { code: 'services-missing', data: { services: entry.peer.services, required: settings.requiredServices } });
      this.#recheck(entry, settings.recheckInterval);
    }
    return true;
  }

  /** Before it counts, the peer must show the other block. */
  async #placeContradicting(entry: PicoPeer, verdict: Extract<HeadVerdict, { kind: 'contradiction' }>, signal: AbortSignal): Promise<boolean> {
    const accusation = await this.#provenContradiction(entry.id, verdict.theirs, verdict.height, this.#options.chain, signal);
    if (!accusation) return false;
    this.#accuse(entry, accusation);
    return true;
  }

  /** The block that differs from ours, asked from the peer itself. Undefined: there is no contradiction (any more). */
  async #provenContradiction(peer: PeerId, theirs: Hash, height: number, chain: LightChain, signal: AbortSignal): Promise<Accusation | undefined> {
    const block = await this.#options.asker.block(peer, theirs, signal);
    const ours = finalHash(chain, height);
    if (ours === undefined || ours === theirs) return undefined;
    if (block.header.blockNumber !== height) {
      this.#options.report(peer, { kind: 'useless', code: 'impossible-head' });
      return undefined;
    }
    return { kind: 'other-hash', code: 'other-final-block', evidence: { height, hash: theirs, ours } };
  }

  #recheck(entry: PicoPeer, wait: number): void {
    const { state } = entry;
    this.#options.tasks.run(async (signal) => {
      await sleep(this.#options.clock, wait, signal);
      if (entry.state === state) await this.#askAndWait(entry, signal);
    }, entry.signal);
  }

  #askAll(state: PicoPeer['state']): void {
    for (const entry of this.peers) if (entry.state === state) this.#ask(entry);
  }

  // The first election block

  async #addWitness(entry: PicoPeer, head: Head, signal: AbortSignal): Promise<boolean> {
    const { asker, chain, clock, report } = this.#options;
    const block = head.electionHash === chain.genesis.hash ? (chain.genesis.block as MacroBlock) : await asker.electionBlock(entry.id, head.electionHash, signal);
    if (!chain.policy.isElection(block.header.blockNumber)) {
      report(entry.id, { kind: 'lie', code: 'not-election', evidence: { hash: head.electionHash, height: block.header.blockNumber } });
      return true;
    }
    // The others may have agreed meanwhile.
    if (this.#anchored) return this.#place(entry, head, signal);
    this.#witnesses.add({ peer: entry.id, subnet: entry.peer.subnet, saidAt: clock.now(), hash: head.electionHash, block });
    entry.move('witness');
    this.#decideWitnesses();
    return true;
  }

  #decideWitnesses(): void {
    if (this.#deciding || this.#anchored) return;
    this.#deciding = true;
    this.#witnessSince ??= this.#options.clock.monotonic();
    this.#options.tasks.run(async (signal) => {
      try {
        await this.#weighWitnesses(signal);
      } finally {
        this.#deciding = false;
      }
    });
  }

  async #weighWitnesses(signal: AbortSignal): Promise<void> {
    const { asker, chain, clock, settings } = this.#options;
    while (!this.#anchored && this.#witnesses.size > 0) {
      const left = (this.#witnessSince ?? clock.monotonic()) + settings.witnessWait - clock.monotonic();
      const decision = this.#witnesses.decide(left <= 0);
      if (decision.kind === 'disagree') return this.#verifyFromGenesis('witnesses-disagree');
      // A chain in its first epoch needs no trust, but a lone peer that pretends it is would make us verify all epochs from genesis.
      const early = decision.kind === 'agreed' && decision.hash === chain.genesis.hash && left > 0 && this.peers.some(({ state }) => state === 'asking');
      if (decision.kind === 'wait' || early) {
        if (left > 0) this.#afterWait(left, () => this.#decideWitnesses());
        return;
      }
      if (decision.kind === 'agreed') {
        await this.#takeOnTrust(decision);
        continue;
      }
      const peer = decision.from[0]!;
      this.#witnesses.addCopy(decision.hash, peer, await asker.copyOf(peer, decision.hash, signal));
    }
  }

  #afterWait(wait: number, then: () => void): void {
    this.#options.tasks.run(async (signal) => {
      await sleep(this.#options.clock, wait, signal);
      then();
    });
  }

  async #takeOnTrust(agreement: Agreement): Promise<void> {
    const { chain, settings, report, onNotice, onTooNew } = this.#options;
    const { hash, block, witnesses, fewWitnesses } = agreement;
    const height = block.header.blockNumber;
    for (const peer of agreement.dissenting) report(peer, { kind: 'lie', code: 'validators-differ', evidence: { hash, height, against: witnesses.length } });
    if (hash === chain.genesis.hash) {
      this.#fromGenesis = true;
      this.#endWitnessing();
      return;
    }
    const result = await chain.pushElectionOnTrust(block);
    if (result.result === 'extended') {
      this.#setAnchor({ kind: 'witnesses', height, hash, witnesses, fewWitnesses });
      if (fewWitnesses) onNotice('warning', 'few-witnesses', { witnesses: witnesses.length, wanted: settings.witnesses, height });
      this.#endWitnessing();
      return;
    }
    // It breaks a rule that needs no trust. Whoever stands for it is out, or asked again when time may have changed the matter.
    for (const { peer } of witnesses) {
      this.#witnesses.remove(peer);
      if (result.result === 'invalid') {
        const verdict = verdictOf(result.code);
        if (verdict === 'ban') report(peer, { kind: 'lie', code: result.code, evidence: { height, hash } });
        if (verdict === 'client-too-old') onTooNew(peer, height);
      }
      const entry = this.#peers.get(peer);
      if (entry?.move('asking') && entry.move('outdated', { code: 'unusable-election-block', data: { height } })) this.#recheck(entry, settings.recheckInterval);
    }
  }

  #endWitnessing(): void {
    this.#witnesses.clear();
    this.#witnessSince = undefined;
    this.#askAll('witness');
  }

  /** Nobody is trusted: everything is verified from genesis. */
  #verifyFromGenesis(code: string): void {
    this.#fromGenesis = true;
    this.#options.onNotice('warning', code, {});
    this.#endWitnessing();
  }

  // Catching up

  #catchUp(): void {
    this.#wakeCatchUp?.();
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    this.#options.tasks.run(async (signal) => {
      try {
        await this.#catchUpAll(signal);
      } finally {
        this.#catchingUp = false;
        this.#options.onProgress(undefined);
        // Only when it was cut short, by a verifier that failed: nobody else would take it up again.
        if (this.peers.some(({ state }) => state === 'ahead')) this.#afterWait(this.#options.settings.reaskInterval, () => this.#catchUp());
      }
      this.#settle();
    });
  }

  async #catchUpAll(signal: AbortSignal): Promise<void> {
    const { chain, clock, random } = this.#options;
    const backoff = new Backoff(random, { base: 1000, cap: 30_000 });
    const first = chain.policy.epochAt(chain.electionHead.height);
    for (;;) {
      const ahead = this.peers.filter(({ state }) => state === 'ahead').slice(0, maxCatchUpPeers);
      if (ahead.length === 0) return;
      if (chain.network.pinnedElection && !this.#pinTried && chain.head.height === chain.genesis.height) await this.#takePinned(chain.network.pinnedElection.hash, ahead, signal);
      const outcome = await this.#catchUpRound(chain, ahead, signal, (height, target) => {
        const start = Math.min(first, chain.policy.epochAt(chain.electionHead.height));
        this.#options.onProgress({ done: chain.policy.epochAt(height) - start, total: chain.policy.epochAt(target) - start });
      });
      await this.#draw(outcome, signal);
      // Whoever is still ahead tells anew where it stands.
      await Promise.all(ahead.filter(({ state }) => state === 'ahead').map((entry) => this.#askAndWait(entry, signal)));
      if (outcome.applied > 0) backoff.reset();
      else if (this.peers.some(({ state }) => state === 'ahead')) await this.#sleepUntilWoken(backoff.next(), clock, signal);
    }
  }

  #catchUpRound(chain: LightChain, peers: readonly PicoPeer[], signal: AbortSignal, onProgress?: (height: number, target: number) => void): Promise<CatchUpOutcome> {
    const { asker, clock, random, settings, report } = this.#options;
    const usable = (id: PeerId) => this.#able.some((entry) => entry.id === id);
    const others = () => this.#able.map(({ peer }) => peer);
    return catchUp({ chain, asker, clock, random, settings, peers: peers.map(({ peer }) => peer), others, usable, report, onProgress, signal });
  }

  /** Draws the conclusions from a round on our own chain. */
  async #draw(outcome: CatchUpOutcome, signal: AbortSignal): Promise<void> {
    const { chain, report, onTooNew } = this.#options;
    for (const { peer, code, height, hash } of outcome.refusals) {
      const verdict = code === 'wrong-height' ? 'ban' : verdictOf(code as BlockErrorCode);
      const evidence = { height, hash };
      if (verdict === 'client-too-old') onTooNew(peer, height);
      if (verdict !== 'ban') continue;
      // On a chain verified from genesis there is only one that can be wrong.
      if (this.#anchor.kind === 'genesis') report(peer, { kind: 'lie', code, evidence });
      else this.#accuse(this.#peers.get(peer), { kind: 'failed-check', code, evidence });
    }
    for (const { peers, theirs, height } of outcome.contradictions) {
      for (const peer of peers) {
        const accusation = await this.#provenOrNothing(peer, theirs, height, chain, signal);
        if (accusation) this.#accuse(this.#peers.get(peer), accusation);
      }
    }
    for (const peer of outcome.strangers) {
      const { height, hash } = chain.macroHead;
      const unknown = { kind: 'unknown-anchor', code: 'unknown-anchor', evidence: { height, hash } } as const;
      this.#accuse(this.#peers.get(peer), (await this.#exposeStranger(peer, signal)) ?? unknown);
    }
    for (const peer of outcome.silent) this.silent(peer);
    for (const peer of outcome.applied === 0 ? outcome.empty : []) {
      const entry = this.#peers.get(peer);
      if (entry && (entry.fruitless += 1) >= this.#options.settings.askAttempts) this.#options.disconnect(peer, 'nothing-to-give');
    }
  }

  /** Further than we and without our macro blocks: which election block has it in the place of ours? */
  async #exposeStranger(peer: PeerId, signal: AbortSignal): Promise<Accusation | undefined> {
    const { asker, chain, settings } = this.#options;
    const { policy, genesis, electionHead } = chain;
    try {
      const answer = await asker.macroChain(peer, [genesis.hash], settings.maxEpochs, signal);
      const theirs = answer.ok ? answer.value.epochs[policy.epochAt(electionHead.height) - 1] : undefined;
      return theirs === undefined ? undefined : await this.#provenContradiction(peer, theirs, electionHead.height, chain, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      return undefined;
    }
  }

  async #provenOrNothing(peer: PeerId, theirs: Hash, height: number, chain: LightChain, signal: AbortSignal): Promise<Accusation | undefined> {
    try {
      return await this.#provenContradiction(peer, theirs, height, chain, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      return undefined;
    }
  }

  /** The election block pinned in the release spares the epochs before it. */
  async #takePinned(hash: Hash, peers: readonly PicoPeer[], signal: AbortSignal): Promise<void> {
    const { asker, chain, onNotice } = this.#options;
    for (const { id } of peers) {
      const block = await asker.copyOf(id, hash, signal);
      if (!block) continue;
      this.#pinTried = true;
      const result = await chain.pushElectionOnTrust(block);
      if (result.result === 'extended') this.#setAnchor({ kind: 'pinned', height: chain.electionHead.height, hash, witnesses: [], fewWitnesses: false });
      else onNotice('error', 'pinned-block-unusable', { hash });
      return;
    }
  }

  async #sleepUntilWoken(wait: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wakeCatchUp = resolve;
    });
    await Promise.race([sleep(clock, wait, signal), woken]);
    this.#wakeCatchUp = undefined;
  }

  // Contradictions

  #accuse(entry: PicoPeer | undefined, accusation: Accusation): void {
    // At genesis there is nothing to weigh: the block's hash is a part of the network's parameters.
    if (accusation.evidence['height'] === this.#options.chain.genesis.height && accusation.kind === 'other-hash') {
      if (entry) this.#options.report(entry.id, { kind: 'lie', code: 'other-genesis', evidence: accusation.evidence });
      return;
    }
    if (!entry?.move('conflicting', { code: accusation.code, data: accusation.evidence })) return;
    entry.accusation = accusation;
  }

  /** Decides about contradictions, whenever something is known anew. */
  #settle(): void {
    const { clock, settings, chain, report, disconnect } = this.#options;
    if (chain.head.height === chain.genesis.height) return;
    const accused = this.peers.flatMap((entry) => (entry.accusation && entry.state === 'conflicting' ? [{ ...entry.accusation, subnet: entry.peer.subnet, id: entry.id }] : []));
    const unrelated = this.peers.flatMap(({ state, confirms, peer }) => (state === 'outdated' && !confirms ? [peer.subnet] : []));
    const concerned = accused.length > 0 || unrelated.length > 0;
    if (!concerned) this.#conflictSince = undefined;
    else this.#conflictSince ??= clock.monotonic();
    const left = (this.#conflictSince ?? clock.monotonic()) + settings.witnessWait - clock.monotonic();
    const decision = decideConflict({
      anchor: this.#anchor,
      accused,
      unrelated,
      confirming: this.peers.filter(({ state, confirms }) => state === 'live' || (confirms && state !== 'conflicting' && state !== 'banned')).length,
      undecided: this.peers.filter(({ state, confirms }) => !confirms && (state === 'asking' || state === 'ahead')).length,
      waited: left <= 0,
      wanted: settings.witnesses,
    });
    switch (decision) {
      case 'none':
        return;
      case 'wait':
        if (left > 0) this.#afterWait(left, () => this.#settle());
        return;
      case 'liars':
        for (const { id, kind, code, evidence } of accused) {
          // That it knows none of our blocks is no lie that could be shown.
          if (kind === 'unknown-anchor') disconnect(id, code);
          else report(id, { kind: 'lie', code, evidence });
        }
        return;
      case 'trial':
        return this.#try();
      case 'abandon':
        return this.#abandon();
    }
  }

  /** No peer's chain contains ours. */
  #abandon(): void {
    const { chain, onNotice, onAbandoned } = this.#options;
    const data = { height: chain.head.height, hash: chain.head.hash, anchorHeight: this.#anchor.height, anchorHash: this.#anchor.hash };
    onNotice('warning', 'other-chain', data);
    onAbandoned(data);
    // What was proven is not given up for what is merely said: then the other chain has to be proven too.
    this.#startOver(this.#anchor.kind === 'genesis' && chain.electionHead.height > chain.genesis.height);
  }

  #startOver(fromGenesis: boolean): void {
    this.#options.chain.reset();
    this.#fromGenesis = fromGenesis;
    this.#pinTried = false;
    this.#conflictSince = undefined;
    this.#witnesses.clear();
    this.#witnessSince = undefined;
    this.#setAnchor(this.#genesisAnchor());
    for (const entry of this.peers) {
      if (entry.state === 'live') entry.move('asking');
      this.#ask(entry);
    }
  }

  /** The same catch-up from genesis, over all peers and on a chain of its own, decides whether ours is right. */
  #try(): void {
    const { trialChain, clock, tasks } = this.#options;
    if (this.#trying || clock.monotonic() < this.#trialAfter) return;
    if (!trialChain) {
      this.#refuted();
      return;
    }
    this.#trying = true;
    tasks.run(async (signal) => {
      try {
        await this.#runTrial(trialChain(), signal);
      } finally {
        this.#trying = false;
      }
      this.#settle();
    });
  }

  async #runTrial(trial: LightChain, signal: AbortSignal): Promise<void> {
    const { chain, clock, random, settings, report, onNotice } = this.#options;
    onNotice('warning', 'verifying-from-genesis', { height: chain.electionHead.height });
    const backoff = new Backoff(random, { base: 1000, cap: 30_000 });
    const anchor = this.#anchor;
    let idle = 0;
    while (idle < maxIdleRounds && trial.electionHead.height < chain.electionHead.height) {
      const outcome = await this.#catchUpRound(trial, this.#able.slice(0, maxCatchUpPeers), signal);
      for (const { peer, code, height, hash } of outcome.refusals) {
        if (code === 'wrong-height' || verdictOf(code as BlockErrorCode) === 'ban') report(peer, { kind: 'lie', code, evidence: { height, hash } });
      }
      if (outcome.applied === 0) {
        idle += 1;
        await sleep(clock, backoff.next(), signal);
      }
    }
    if (this.#anchor !== anchor) return;
    const shown = trial.electionHash(chain.electionHead.height);
    if (shown === undefined) {
      // Nobody could show us. What we have stays what it is, and it is tried again.
      this.#trialAfter = clock.monotonic() + settings.recheckInterval;
      this.#afterWait(settings.recheckInterval, () => this.#settle());
      return;
    }
    if (shown === chain.electionHead.hash) {
      onNotice('info', 'verified-from-genesis', { height: chain.electionHead.height });
      this.#setAnchor(this.#genesisAnchor());
      return;
    }
    this.#refuted();
  }

  /** What we took on trust was wrong, or cannot be told from it: all over again, and verified. */
  #refuted(): void {
    const { chain, onNotice, onAbandoned } = this.#options;
    const data = { height: chain.head.height, hash: chain.head.hash, anchorHeight: this.#anchor.height, anchorHash: this.#anchor.hash };
    onNotice('warning', 'anchor-in-doubt', data);
    onAbandoned(data);
    this.#startOver(true);
  }
}
