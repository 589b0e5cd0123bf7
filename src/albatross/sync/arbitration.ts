import { Backoff } from '../../engine/backoff.ts';
import { sleep } from '../../engine/clock.ts';
import type { LightChain } from '../chain/light-chain.ts';
import type { Hash } from '../wire/types.ts';
import { AskError } from './asker.ts';
import { maxRoundPeers } from './catch-up-round.ts';
import { decideConflict } from './conflicts.ts';
import { finalHash } from './head-verdict.ts';
import { gatherLists } from './macro-catch-up.ts';
import type { MacroContext } from './macro-context.ts';
import type { PeerId } from './net.ts';
import type { Accusation, PicoPeer } from './pico-peer.ts';
import type { ProofRecord } from '../chain/proof-record.ts';
import { Prover } from './prover.ts';
import type { Refutation } from './prover.ts';

/** Rounds without a new block after which a trial is put off. */
const maxIdleRounds = 4;

/**
 * What becomes of peers that contradict our chain, and of our chain: collects accusations, decides by the rule in `conflicts.ts`, and
 * carries it out: bans liars, has the `Prover` find out over all peers which of the two is right, or starts over.
 */
export class Arbitration {
  readonly prover: Prover;
  readonly #context: MacroContext;
  readonly #onStartOver: () => void;
  /** Monotonic milliseconds since when there has been something to decide. */
  #since: number | undefined;
  #trying = false;
  #trialAfter = 0;

  /** `onStartOver`: the chain has been reset; whatever else was gathered about the old one goes. */
  constructor(context: MacroContext, onStartOver: () => void) {
    this.#context = context;
    this.#onStartOver = onStartOver;
    this.prover = new Prover(context, (refutation) => this.#refuted(refutation));
  }

  /** The block that differs from ours, asked from the peer itself. Undefined: there is no contradiction (any more). Throws `AskError`. */
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

  /** Further than we and without our macro blocks: which election block has it in the place of ours? */
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

  /** As `provenContradiction`, and nothing when the peer does not answer. */
  async provenOrNothing(peer: PeerId, theirs: Hash, height: number, chain: LightChain, signal: AbortSignal): Promise<Accusation | undefined> {
    try {
      return await this.provenContradiction(peer, theirs, height, chain, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      return undefined;
    }
  }

  /** Enters what a peer did against our chain. `settle` decides about it. */
  accuse(entry: PicoPeer | undefined, accusation: Accusation): void {
    // At genesis there is nothing to weigh: the block's hash is a part of the network's parameters.
    if (accusation.evidence['height'] === this.#context.options.chain.genesis.height && accusation.kind === 'other-hash') {
      if (entry) this.#context.options.report(entry.id, { kind: 'lie', code: 'other-genesis', evidence: accusation.evidence });
      return;
    }
    if (!entry?.move('conflicting', { code: accusation.code, data: accusation.evidence })) return;
    entry.accusation = accusation;
  }

  /** Decides about contradictions, whenever something is known anew. */
  settle(): void {
    const { clock, settings, chain, report, disconnect } = this.#context.options;
    if (chain.head.height === chain.genesis.height) return;
    this.#settlePetrels();
    const accused = this.#context.entries.flatMap((entry) => (entry.accusation && entry.state === 'conflicting' && entry.peer.witness ? [{ ...entry.accusation, subnet: entry.peer.subnet, id: entry.id }] : []));
    const unrelated = this.#context.entries.flatMap(({ state, confirms, peer }) => (state === 'outdated' && !confirms && peer.witness ? [peer.subnet] : []));
    const concerned = accused.length > 0 || unrelated.length > 0;
    if (!concerned) this.#since = undefined;
    else this.#since ??= clock.monotonic();
    const left = (this.#since ?? clock.monotonic()) + settings.witnessWait - clock.monotonic();
    const decision = decideConflict({
      anchor: this.#context.anchor,
      accused,
      unrelated,
      confirming: this.#confirming(),
      undecided: this.#context.entries.filter(({ state, confirms }) => !confirms && (state === 'asking' || state === 'ahead')).length,
      waited: left <= 0,
      wanted: settings.witnesses,
    });
    switch (decision) {
      case 'none':
        return;
      case 'wait':
        if (left > 0) this.#context.after(left, () => this.settle());
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
        // That the liars among our peers are banned one by one must not spare the rest the proof.
        return this.#trying ? undefined : this.#abandon();
    }
  }

  /** Petrel clients that contradict us are no reason to doubt our chain, however many they are: they go. What a verified chain refutes is a lie. */
  #settlePetrels(): void {
    const { report, disconnect } = this.#context.options;
    for (const { id, peer, state, accusation } of this.#context.entries) {
      if (peer.witness || state !== 'conflicting' || !accusation) continue;
      const { kind, code, evidence } = accusation;
      if (this.#context.anchor.kind === 'genesis' && kind !== 'unknown-anchor') report(id, { kind: 'lie', code, evidence });
      else disconnect(id, code);
    }
  }

  /** Starts the chain over on what is proven, with nothing more taken on trust. `signal`: of the task that does it. */
  async startFromProven(signal: AbortSignal): Promise<void> {
    this.#context.fromGenesis = true;
    this.#context.replacing = true;
    let proof: ProofRecord['proof'];
    try {
      proof = await this.#restoreProven(signal);
    } finally {
      this.#context.replacing = false;
    }
    // Also when the sync is being stopped: what the chain is now has to be stored in the place of the other one.
    this.#startOver(proof);
  }

  /** Starts over from a zero-knowledge proof, if anybody has one by now. */
  async takeUpProof(signal: AbortSignal): Promise<void> {
    const peers = this.#context.able.map(({ peer }) => peer).slice(0, maxRoundPeers);
    if (await this.prover.takeProof(peers, false, signal)) await this.startFromProven(signal);
  }

  /** Puts what is proven in place of our chain. Resolves with the block that a zero-knowledge proof stands for, if one does. */
  async #restoreProven(signal: AbortSignal): Promise<ProofRecord['proof']> {
    const { chain, asker, clock } = this.#context.options;
    const others = () => this.#context.able.map(({ peer }) => peer);
    await this.prover.takeProof(others().slice(0, maxRoundPeers), false, signal);
    const { proven } = this.prover;
    if (!proven || proven.head.hash === chain.genesis.hash) return undefined;
    const usable = (id: PeerId) => this.#context.able.some((entry) => entry.id === id);
    // Nobody has compared its list yet, and the live sync may need it.
    await gatherLists({ asker, clock, others, usable, signal }, proven.head);
    const outcome = await chain.restore({ election: proven.head.block, checkpoint: undefined, tail: [], checked: proven.checked });
    if (outcome === 'restored') return proven.proof;
    chain.reset();
    return undefined;
  }

  /** Peers that have named a final block of ours. With none above genesis, whoever is live has named that. */
  #confirming(): number {
    const { chain } = this.#context.options;
    const nothingFinal = chain.macroHead.height === chain.genesis.height;
    return this.#context.entries.filter(({ state, confirms }) => (confirms && state !== 'conflicting' && state !== 'aside' && state !== 'banned') || (state === 'live' && nothingFinal)).length;
  }

  /** No peer's chain contains ours. After such a contradiction nobody is believed again: it starts over from what is proven. */
  #abandon(): void {
    const { chain, onNotice, onAbandoned, tasks } = this.#context.options;
    const { anchor } = this.#context;
    const data = { height: chain.head.height, hash: chain.head.hash, anchorHeight: anchor.height, anchorHash: anchor.hash };
    onNotice('warning', 'other-chain', data);
    onAbandoned(data);
    // What is proven is a part of the chain that nobody knows.
    if (anchor.kind === 'genesis') this.prover.forget();
    tasks.run((signal) => this.#giveUp(signal));
  }

  /** Nothing that rests on our chain is shown any more, while what is proven is being put in its place. */
  #giveUp(signal: AbortSignal): Promise<void> {
    this.#context.options.chain.reset();
    this.#context.fromGenesis = true;
    this.#context.setAnchor(this.#context.genesisAnchor());
    return this.startFromProven(signal);
  }

  /** The chain is another one now. `proof`: the block that it stands on by a zero-knowledge proof. */
  #startOver(proof?: { readonly height: number; readonly hash: Hash }): void {
    this.#since = undefined;
    this.#onStartOver();
    this.#context.setAnchor({ ...this.#context.genesisAnchor(), ...(proof ? { proof } : {}) });
    for (const entry of this.#context.entries) {
      if (entry.state === 'live') entry.move('asking');
      this.#context.ask(entry);
    }
  }

  /** The election chain verified from genesis, with the help of all peers, decides whether ours is right. */
  #try(): void {
    const { clock, tasks } = this.#context.options;
    if (this.#trying || clock.monotonic() < this.#trialAfter) return;
    this.#trying = true;
    tasks.run(async (signal) => {
      try {
        await this.#runTrial(signal);
      } finally {
        this.#trying = false;
      }
      this.settle();
    });
  }

  async #runTrial(signal: AbortSignal): Promise<void> {
    const { chain, clock, random, settings, onNotice } = this.#context.options;
    onNotice('warning', 'verifying-from-genesis', { height: chain.electionHead.height });
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
    // Nobody could show us. What we have stays what it is, and it is tried again.
    this.#trialAfter = clock.monotonic() + settings.recheckInterval;
    this.#context.after(settings.recheckInterval, () => this.settle());
  }

  /** What we took on trust is not on the proven chain. Whoever vouched for it has lied. */
  async #refuted({ height, ours, proven }: Refutation): Promise<void> {
    const { chain, onNotice, onAbandoned, report, tasks } = this.#context.options;
    const { anchor } = this.#context;
    const data = { height: chain.head.height, hash: chain.head.hash, anchorHeight: anchor.height, anchorHash: anchor.hash };
    onNotice('warning', 'anchor-refuted', { ...data, provenHeight: height, proven, ours });
    onAbandoned(data);
    for (const { peer } of anchor.witnesses) report(peer, { kind: 'lie', code: 'false-witness', evidence: { height: anchor.height, hash: anchor.hash, provenHeight: height, proven, ours } });
    await this.#giveUp(tasks.signal);
  }
}
