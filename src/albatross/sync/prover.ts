import { Backoff } from '../../engine/backoff.ts';
import { sleep } from '../../engine/clock.ts';
import type { Clock } from '../../engine/clock.ts';
import { ProgressMeter } from '../../engine/progress.ts';
import type { Progress } from '../../engine/progress.ts';
import { joinSignals } from '../../engine/tasks.ts';
import { sumOfChecked, nothingChecked } from '../../engine/trust.ts';
import type { Anchor, CheckedCounts } from '../../engine/trust.ts';
import { blockKind } from '../chain/block-kind.ts';
import type { BlockErrorCode } from '../chain/rules/codes.ts';
import { verdictOf } from '../chain/rules/verdict.ts';
import type { Hash } from '../wire/types.ts';
import { AskError } from './asker.ts';
import { maxRoundPeers } from './catch-up-round.ts';
import { type Refusal, verifyElections } from './election-run.ts';
import { finalHash } from './head-verdict.ts';
import { macroChainFault } from './macro-chain-answer.ts';
import { type Offer, offeringAt, rankOffers } from './macro-catch-up.ts';
import type { MacroContext } from './macro-context.ts';
import type { SyncPeer } from './net.ts';
import { Pace } from './pace.ts';
import { ZkProofs } from './zk-proofs.ts';
import { genesisRecord, type ProofRecord, recordFrom } from '../chain/proof-record.ts';

/** How the verification of the past stands. Epochs. */
export interface ProofProgress extends Progress<'epochs'> {
  /** `waiting`: nobody has what it needs at the moment. */
  readonly state: 'running' | 'waiting';
  /** The level that its end earns. */
  readonly toward: 'pinned' | 'proven';
  readonly checked: CheckedCounts;
}

/** A verified election block that is not on our chain. */
export interface Refutation {
  readonly record: ProofRecord;
  readonly height: number;
  readonly ours: Hash;
  readonly proven: Hash;
}

interface Taking {
  readonly offer: Offer;
  /** Whoever offers a block in any of them can be asked for it. */
  readonly all: readonly Offer[];
  /** Asks peers that came since for theirs, which then is one of `all`. */
  readonly joinLate: () => void;
  readonly base: number;
  readonly record: ProofRecord;
  readonly anchor: Anchor;
  readonly background: boolean;
  readonly signal: AbortSignal;
}

/** Rounds in a row in which everybody who answered knew nothing of what is verified: then it was verified on a chain that is no more. */
const maxStrangeRounds = 3;
/** Rounds in which the pinned block was not to be had, after which it goes without. */
const maxPinTries = 3;

/**
 * The light macro sync: verifies the election chain from genesis, or from the pinned block, up to the election block that our chain took
 * on trust, and so earns the level that chain lacks; or finds that it is another block, and so refutes the chain. Works in the background
 * with the live peers, or for the arbitration with all. What is verified is kept, and never verified again.
 * Albatross block reference, 6.4.
 */
export class Prover {
  readonly #context: MacroContext;
  readonly #onRefuted: (refutation: Refutation) => Promise<void>;
  readonly #records: Map<ProofRecord['origin'], ProofRecord>;
  readonly #meter: ProgressMeter<'epochs'>;
  readonly #pace: Pace;
  readonly #zkProofs: ZkProofs;
  #running = false;
  #wake: (() => void) | undefined;
  #round: Promise<number> | undefined;
  #state: ProofProgress['state'] = 'waiting';
  #strangeRounds = 0;
  #pinTries = 0;
  /** Monotonic milliseconds up to which the time is counted in the record. */
  #mark = 0;

  constructor(context: MacroContext, onRefuted: (refutation: Refutation) => Promise<void>) {
    const { clock, settings, proofs, chain } = context.options;
    this.#context = context;
    this.#onRefuted = onRefuted;
    const pin = chain.network.pinnedElection?.hash;
    const kept = proofs.records.filter(({ origin, from }) => from.hash === (origin === 'genesis' ? chain.genesis.hash : pin));
    this.#records = new Map(kept.map((record) => [record.origin, record]));
    this.#meter = new ProgressMeter(clock);
    this.#pace = new Pace(clock, settings.backgroundPerPeer);
    this.#zkProofs = new ZkProofs(context);
  }

  /** What is proven from genesis, if anything is. */
  get proven(): ProofRecord | undefined {
    return this.#records.get('genesis');
  }

  /** Undefined when there is nothing to prove, or it is not wanted. */
  get progress(): ProofProgress | undefined {
    const wanted = this.#context.options.settings.prove || this.#round !== undefined;
    const record = wanted && this.#needed ? this.#latest() : undefined;
    if (!record) return undefined;
    const { policy } = this.#context.options.chain;
    const start = policy.epochAt(record.from.height);
    const done = policy.epochAt(record.head.block.header.blockNumber) - start;
    const total = Math.max(done, policy.epochAt(this.#context.anchor.height) - start);
    const { rate, timeLeft } = this.#meter.current ?? { rate: undefined, timeLeft: undefined };
    return { state: this.#state, toward: record.origin === 'genesis' ? 'proven' : 'pinned', done, total, unit: 'epochs', rate, timeLeft, checked: record.checked };
  }

  /** Starts in the background, or hurries on when it is waiting. */
  start(): void {
    this.#wake?.();
    const { settings, tasks } = this.#context.options;
    if (this.#running || !settings.prove || !this.#needed || this.#livePeers().length === 0) return;
    this.#running = true;
    tasks.run(async (signal) => {
      try {
        await this.#run(signal);
      } finally {
        this.#running = false;
        this.#show('waiting');
      }
    });
  }

  /** What earlier sessions verified may say all there is to say about the stored chain, before any peer is there. */
  recall(): void {
    const record = this.#records.get('genesis');
    if (!record || !this.#needed) return;
    this.#context.options.tasks.run(async () => void (await this.#decided(record, this.#context.anchor)));
  }

  /** One round over these peers, or the end of the one that is running. Resolves with the count of what was gained. */
  round(peers: readonly SyncPeer[], background: boolean, signal: AbortSignal): Promise<number> {
    this.#round ??= this.#runRound(peers.slice(0, maxRoundPeers), background, signal).finally(() => {
      this.#round = undefined;
    });
    return this.#round;
  }

  /** Goes on from the election block of a zero-knowledge proof, if some peer has one that is of use. */
  async takeProof(peers: readonly SyncPeer[], background: boolean, signal: AbortSignal, useful: (height: number) => boolean = () => true): Promise<boolean> {
    const { chain, clock } = this.#context.options;
    const begun = clock.monotonic();
    const record = this.#records.get('genesis') ?? genesisRecord(chain);
    const above = record.head.block.header.blockNumber;
    const head = await this.#zkProofs.newest({ above, useful: (height) => height > above && useful(height), peers, background, signal });
    if (!head) return false;
    const gained = { ...nothingChecked, proofs: 1, milliseconds: Math.round(clock.monotonic() - begun) };
    this.#mark = clock.monotonic();
    this.#keep({ ...record, head, proof: { height: head.block.header.blockNumber, hash: head.hash }, checked: sumOfChecked(record.checked, gained) });
    this.#show('running');
    return true;
  }

  /** What is proven belongs to a chain that nobody has any more. */
  forget(): void {
    for (const origin of this.#records.keys()) this.#context.options.proofs.forget(origin);
    this.#records.clear();
    this.#strangeRounds = 0;
  }

  /** There is a chain, and it stands on somebody's word. */
  get #needed(): boolean {
    const { chain } = this.#context.options;
    return this.#context.anchor.kind !== 'genesis' && chain.head.height > chain.genesis.height;
  }

  #livePeers(): readonly SyncPeer[] {
    return this.#context.able.filter(({ state }) => state === 'live').map(({ peer }) => peer);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random, settings } = this.#context.options;
    const backoff = new Backoff(random, { base: settings.backgroundPause, cap: settings.recheckInterval });
    while (this.#needed) {
      const peers = this.#livePeers();
      if (peers.length === 0) return;
      if ((await this.round(peers, true, signal)) > 0) backoff.reset();
      else if (this.#needed) {
        this.#show('waiting');
        await this.#pause(settings.backgroundPause / 2 + backoff.next(), clock, signal);
      }
    }
  }

  /** Ends early when something has changed. */
  async #pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const joined = joinSignals(signal, woken.signal);
    this.#wake = () => woken.abort(new Error('woken'));
    try {
      await sleep(clock, ms, joined.signal);
    } catch {
      signal.throwIfAborted();
    } finally {
      this.#wake = undefined;
      joined.release();
    }
  }

  async #runRound(peers: readonly SyncPeer[], background: boolean, signal: AbortSignal): Promise<number> {
    const { anchor } = this.#context;
    if (!this.#needed) return 0;
    let record = await this.#begin(anchor, peers, signal);
    if (await this.#decided(record, anchor)) return 1;
    this.#mark = this.#context.options.clock.monotonic();
    this.#show('running');
    let gained = 0;
    if (record.origin === 'genesis' && (await this.takeProof(peers, background, signal, (height) => height <= anchor.height || finalHash(this.#context.options.chain, height) !== undefined))) {
      record = this.#records.get('genesis') ?? record;
      gained += 1;
      if (this.#context.anchor !== anchor || (await this.#decided(record, anchor))) return gained;
    }
    const start = record;
    const base = start.head.block.header.blockNumber;
    const all = [...(await this.#offers(start, peers, signal))];
    const known = new Set(peers.map(({ id }) => id));
    // A round begins with the first live peer and can last minutes: whoever comes later takes its share.
    const joinLate = () => {
      for (const peer of background ? this.#livePeers() : []) {
        if (known.has(peer.id) || known.size >= maxRoundPeers) continue;
        known.add(peer.id);
        this.#offerOf(start, peer, signal).then(
          (offer) => typeof offer === 'object' && all.push(offer),
          () => {},
        );
      }
    };
    for (const offer of rankOffers(all)) {
      if (this.#context.anchor !== anchor) break;
      gained += await this.#take({ offer, all, joinLate, base, record, anchor, background, signal });
      record = this.#records.get(record.origin) ?? record;
    }
    return gained;
  }

  /** The record to go on with: a pinned block lies nearer than genesis. */
  async #begin(anchor: Anchor, peers: readonly SyncPeer[], signal: AbortSignal): Promise<ProofRecord> {
    const { asker, chain } = this.#context.options;
    const pin = chain.network.pinnedElection?.hash;
    if (anchor.kind === 'witnesses' && pin !== undefined) {
      const known = this.#records.get('pinned');
      if (known) return known;
      while (this.#pinTries < maxPinTries) {
        this.#pinTries += 1;
        for (const { id } of peers) {
          const block = await asker.copyOf(id, pin, signal);
          if (!block) continue;
          // One that is newer than our chain's says nothing about it.
          if (blockKind(block) !== 'election' || block.header.blockNumber > anchor.height) this.#pinTries = maxPinTries;
          else return this.#keep(recordFrom('pinned', { block, hash: pin, peer: id }));
          break;
        }
      }
    }
    return this.#records.get('genesis') ?? genesisRecord(chain);
  }

  async #offers(record: ProofRecord, peers: readonly SyncPeer[], signal: AbortSignal): Promise<readonly Offer[]> {
    const answers = await Promise.all(peers.map((peer) => this.#offerOf(record, peer, signal)));
    const offers = answers.filter((answer) => typeof answer === 'object');
    this.#strangeRounds = answers.includes('stranger') && offers.length === 0 && !answers.includes('liar') ? this.#strangeRounds + 1 : 0;
    if (this.#strangeRounds >= maxStrangeRounds && record.head.hash !== record.from.hash) {
      this.#context.options.log('warning', 'proof-unknown', { height: record.head.block.header.blockNumber, hash: record.head.hash });
      this.forget();
    }
    return offers;
  }

  /** What the peer has after the record. `stranger`: it does not know the record's block. */
  async #offerOf(record: ProofRecord, peer: SyncPeer, signal: AbortSignal): Promise<Offer | 'stranger' | 'liar' | 'silent'> {
    const { asker, chain, settings, report } = this.#context.options;
    try {
      const answer = await asker.macroChain(peer.id, [record.head.hash], settings.maxEpochs, signal);
      if (!answer.ok) return answer.error === 'UnknownLocators' ? 'stranger' : 'silent';
      const fault = macroChainFault(answer.value, chain.policy, record.head.block.header.blockNumber, settings.maxEpochs);
      if (!fault) return { ...answer.value, peers: [peer] };
      report(peer.id, { kind: 'lie', ...fault });
      return 'liar';
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      return 'silent';
    }
  }

  /** Verifies what is offered after the height `base` up to our anchor. Resolves with the count of blocks. */
  async #take({ offer, all, joinLate, base, record, anchor, background, signal }: Taking): Promise<number> {
    const { asker, bulk, chain, clock, random, settings, report } = this.#context.options;
    const chainOffered = offer.epochs.map((hash, index) => ({ hash, height: base + (index + 1) * chain.policy.blocksPerEpoch }));
    const reached = record.head.block.header.blockNumber;
    if (chainOffered.some(({ height, hash }) => height === reached && hash !== record.head.hash)) return 0;
    let current = record;
    const run = await verifyElections({
      asker,
      bulk,
      clock,
      random,
      settings,
      start: record.head,
      items: chainOffered.filter(({ height }) => height > reached && height <= anchor.height),
      peers: (place) => {
        joinLate();
        const able = new Set(this.#context.able.map(({ id }) => id));
        return offeringAt(all, place, base, chain.policy.blocksPerEpoch).filter((id) => able.has(id));
      },
      report,
      background: background ? this.#pace : undefined,
      onVerified: async (blocks) => {
        // The chain was given up meanwhile; what was verified stands all the same.
        const last = blocks.at(-1)!;
        const now = clock.monotonic();
        const gained = { ...nothingChecked, electionBlocks: blocks.length, justifications: blocks.length, milliseconds: Math.round(now - this.#mark) };
        this.#mark = now;
        this.#context.options.proofs.verified?.(blocks);
        current = this.#keep({ ...current, head: last, checked: sumOfChecked(current.checked, gained) });
        this.#show('running');
        return this.#context.anchor === anchor && !(await this.#decided(current, anchor));
      },
      signal,
    });
    if (run.refusal) this.#refuse(run.refusal, background);
    return run.verified;
  }

  #refuse({ peer, code, height, hash }: Refusal, past: boolean): void {
    const { report, onTooNew } = this.#context.options;
    const verdict = code === 'wrong-height' ? 'ban' : verdictOf(code as BlockErrorCode);
    if (verdict === 'client-too-old') onTooNew(peer, height);
    else report(peer, verdict === 'ban' ? { kind: 'lie', code, evidence: { height, hash }, past } : { kind: 'useless', code });
  }

  #keep(record: ProofRecord): ProofRecord {
    this.#records.set(record.origin, record);
    this.#context.options.proofs.save(record);
    return record;
  }

  /** Whether the record says all there is to say about our chain; then that is done. */
  async #decided(record: ProofRecord, anchor: Anchor): Promise<boolean> {
    const { chain, onNotice } = this.#context.options;
    const height = record.head.block.header.blockNumber;
    const ours = height === anchor.height ? anchor.hash : finalHash(chain, height);
    if (ours !== undefined && ours !== record.head.hash) {
      await this.#onRefuted({ record, height, ours, proven: record.head.hash });
      return true;
    }
    if (ours === undefined || height < anchor.height) return false;
    chain.credit(record.checked);
    const { electionBlocks, milliseconds } = record.checked;
    if (record.origin === 'pinned') {
      this.#records.delete('pinned');
      this.#context.options.proofs.forget('pinned');
      this.#context.setAnchor({ kind: 'pinned', ...record.from, witnesses: [], fewWitnesses: false });
      onNotice('info', 'verified-from-pin', { height, electionBlocks, milliseconds });
    } else {
      this.#context.setAnchor({ ...this.#context.genesisAnchor(), ...(record.proof ? { proof: record.proof } : {}) });
      onNotice('info', 'verified-from-genesis', { height, electionBlocks, milliseconds });
    }
    return true;
  }

  /** What there is to show besides a record: the one under way. */
  #latest(): ProofRecord {
    const { chain } = this.#context.options;
    const pinned = this.#context.anchor.kind === 'witnesses' ? this.#records.get('pinned') : undefined;
    return pinned ?? this.#records.get('genesis') ?? genesisRecord(chain);
  }

  #show(state: ProofProgress['state']): void {
    this.#state = state;
    const progress = this.progress;
    if (!progress || state === 'waiting') this.#meter.end();
    else if (!this.#meter.current || progress.done < this.#meter.current.done) this.#meter.start('epochs', progress.total, progress.done);
    else this.#meter.update(progress.done, progress.total);
    this.#context.options.onProof(this.progress);
  }
}
