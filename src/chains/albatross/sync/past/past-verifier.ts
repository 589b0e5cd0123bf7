import { Backoff } from '../../../../base/backoff.ts';
import { sleep } from '../../../../base/clock.ts';
import type { Clock } from '../../../../base/clock.ts';
import { ProgressMeter } from '../../../../base/progress.ts';
import { Overtaken } from '../../../../engine/fetch/overtaken.ts';
import { joinSignals } from '../../../../base/tasks.ts';
import { type AlbatrossCounts, nothingChecked } from '../../chain/checked-counts.ts';
import { sumOfChecked } from '../../../../engine/trust.ts';
import type { Anchor } from '../../../../engine/trust.ts';
import { blockKind } from '../../chain/block-kind.ts';
import { unsigned } from '../../chain/block-store.ts';
import type { BlockErrorCode } from '../../chain/rules/codes.ts';
import { verdictOf } from '../../chain/rules/verdict.ts';
import type { Hash } from '../../../../base/hash.ts';
import { RoundTurns } from '../round-turns.ts';
import { maxRoundPeers } from '../settings.ts';
import { type Refusal, verifyElections } from './election-run.ts';
import { finalHash } from '../ask/head-verdict.ts';
import { nextOffer, type Offer, offeringAt } from '../macro/macro-catch-up.ts';
import type { MacroContext } from '../macro-context.ts';
import type { SyncPeer } from '../net.ts';
import { BackgroundRateLimit } from './background-rate-limit.ts';
import { PinSearch } from '../macro/pin-search.ts';
import type { ProofProgress } from '../proof-progress.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import { PastOffers } from './past-offers.ts';
import { ProofRecords } from './proof-records.ts';
import { ZkProofs } from './zk-proofs.ts';
import { anchorOf, creditOf, type ProofRecord, recordFrom } from '../../chain/proof-record.ts';

/** A verified election block that is not on our chain. */
export interface Refutation {
  readonly record: ProofRecord;
  readonly height: number;
  readonly ours: Hash;
  readonly proven: Hash;
}

interface Taking {
  readonly offer: Offer;
  /** All offers. A peer that offers a block in any of them can be asked for it. */
  readonly all: readonly Offer[];
  /** Asks peers that joined later for their offers, and adds these to `all`. */
  readonly joinLate: () => void;
  readonly base: number;
  readonly record: ProofRecord;
  readonly anchor: Anchor;
  readonly background: boolean;
  readonly signal: AbortSignal;
}

/**
 * The light macro sync: verifies the election chain from genesis, or from the pinned block, up to the election block that our chain took on
 * trust. This either earns the trust level that the chain lacks, or finds another block there and so refutes the chain. It runs in the
 * background with the live peers, or for `ChainDispute` with all peers, even those not shown to be on our chain. What is verified is kept
 * and never verified again. Albatross block reference, 6.4.
 */
export class PastVerifier {
  readonly #context: MacroContext;
  readonly #onRefuted: (refutation: Refutation) => Promise<void>;
  readonly #records: ProofRecords;
  /** The restored election head, if it came from storage unchecked: everything up to it must be verified again, whatever anchor was stored. */
  readonly #restored: { readonly height: number; readonly hash: Hash; readonly checked: AlbatrossCounts };
  readonly #meter: ProgressMeter<'epochs'>;
  readonly #pace: BackgroundRateLimit;
  readonly #zkProofs: ZkProofs;
  readonly #pin: PinSearch;
  #running = false;
  #wake: (() => void) | undefined;
  #round: Promise<number> | undefined;
  readonly #turns = new RoundTurns();
  #state: ProofProgress['state'] = 'waiting';
  /** An anchor that was refuted but is kept: nothing more is verified about it. */
  #contested: Anchor | undefined;
  /** Monotonic milliseconds up to which time was added to the record. */
  #mark = 0;

  constructor(context: MacroContext, onRefuted: (refutation: Refutation) => Promise<void>) {
    const { clock, settings, chain } = context.options;
    this.#context = context;
    this.#onRefuted = onRefuted;
    const { height, hash } = chain.electionHead;
    this.#restored = { height, hash, checked: chain.checked };
    this.#records = new ProofRecords(context.options);
    this.#meter = new ProgressMeter(clock);
    this.#pace = new BackgroundRateLimit(clock, settings.backgroundPerPeer);
    this.#zkProofs = new ZkProofs(context);
    this.#pin = new PinSearch(context, 'election-chain');
  }

  /** What is proven from genesis, if anything. */
  get proven(): ProofRecord | undefined {
    return this.#records.proven;
  }

  /** Undefined if there is nothing to prove, or proving is switched off. */
  get progress(): ProofProgress | undefined {
    const wanted = this.#context.options.settings.prove || this.#round !== undefined;
    const record = wanted && this.#needed ? this.latest : undefined;
    if (!record) return undefined;
    const { policy } = this.#context.options.chain;
    const start = policy.epochAt(record.from.height);
    const done = policy.epochAt(record.head.block.header.blockNumber) - start;
    const total = Math.max(done, policy.epochAt(this.#target(this.#context.anchor).height) - start);
    const { rate, timeLeft } = this.#meter.current ?? { rate: undefined, timeLeft: undefined };
    return { state: this.#state, toward: record.origin === 'genesis' ? 'proven' : 'pinned', done, total, unit: 'epochs', rate, timeLeft, checked: record.checked };
  }

  /** Starts in the background, or ends a pause early. */
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

  /** Looks at what earlier sessions verified, and this one re-verified. It may decide about the stored chain before any peer has joined. */
  recall(): void {
    this.#context.options.tasks.run(async (signal) => {
      await this.#settled(signal);
      const record = this.#records.proven;
      if (record && this.#needed) await this.#decided(record, this.#context.anchor);
    });
  }

  /** Runs one round over these peers, or joins the one that is running. Resolves with the number of items gained. */
  round(peers: readonly SyncPeer[], background: boolean, signal: AbortSignal): Promise<number> {
    const turn = this.#turns.pick(peers);
    this.#round ??= this.#runRound(turn, background, signal).then((gained) => this.#turns.end(turn, gained)).finally(() => {
      this.#round = undefined;
    });
    return this.#round;
  }

  /** Continues from the election block of a zero-knowledge proof, if a peer has a useful one. */
  async takeProof(peers: () => readonly SyncPeer[], background: boolean, signal: AbortSignal, useful: (height: number) => boolean = () => true): Promise<boolean> {
    const { clock } = this.#context.options;
    const begun = clock.monotonic();
    const record = this.#records.fromGenesis;
    const above = record.head.block.header.blockNumber;
    const head = await this.#zkProofs.newest({ above, useful: (height) => height > above && useful(height), peers, background, signal });
    if (!head) return false;
    const gained = { ...nothingChecked, proofs: 1, milliseconds: Math.round(clock.monotonic() - begun) };
    this.#mark = clock.monotonic();
    this.#records.keep({ ...record, head, proof: { height: head.block.header.blockNumber, hash: head.hash }, checked: sumOfChecked(record.checked, gained) });
    this.#show('running');
    return true;
  }

  /** Replaces what is proven by another chain, verified elsewhere. Undefined: that chain has no election block yet. */
  replace(record: ProofRecord | undefined): void {
    this.#records.replace(record);
  }

  /** Whether our chain still needs verification: it is above genesis and rests on peers' word or on storage. */
  get #needed(): boolean {
    const { chain } = this.#context.options;
    const { kind, unchecked } = this.#context.anchor;
    return (kind !== 'genesis' || unchecked === true) && this.#context.anchor !== this.#contested && chain.head.height > chain.genesis.height;
  }

  /** The election block to verify up to: the one taken on trust, or the restored head if nothing was checked. */
  #target(anchor: Anchor): { readonly height: number; readonly hash: Hash } {
    return anchor.unchecked ? this.#restored : anchor;
  }

  /** Waits until all records from storage have arrived. */
  async #settled(signal: AbortSignal): Promise<void> {
    const { settled } = this.#context.options.proofs;
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([settled, ended]);
    signal.throwIfAborted();
    this.#records.takeUp();
  }

  #livePeers(): readonly SyncPeer[] {
    return this.#context.able.filter(({ state }) => state === 'live').map(({ peer }) => peer);
  }

  /**
   * The peers that the background may ask for election blocks. If live peers could not show theirs, peers that are behind us are asked too:
   * they may have the true chain, while the live peers keep us on another one.
   */
  #unsuspected(): readonly SyncPeer[] {
    const { able, options } = this.#context;
    const suspects = new Set(able.flatMap(({ id }) => (options.suspectsPast(id, 'election-chain') ? [id] : [])));
    const doubted = able.some(({ id, state }) => state === 'live' && suspects.has(id));
    return able.filter(({ id, state, unrelated }) => !suspects.has(id) && (state === 'live' || (doubted && unrelated))).map(({ peer }) => peer);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random, settings } = this.#context.options;
    const backoff = new Backoff(random, { base: settings.backgroundPause, cap: settings.recheckInterval });
    if (this.#context.options.proofs.settled) await this.#settled(signal);
    while (this.#needed) {
      if (this.#livePeers().length === 0) return;
      const peers = this.#unsuspected();
      if (peers.length > 0 && (await this.round(peers, true, signal)) > 0) backoff.reset();
      else if (this.#needed) {
        this.#show('waiting');
        await this.#pause(settings.backgroundPause / 2 + backoff.next(), clock, signal);
      }
    }
  }

  /** Sleeps; `start` ends the sleep early. */
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
    // A round begins with the first live peer. Peers that join while that one is silent are asked too.
    const present = () => (background ? [...peers, ...this.#livePeers().filter(({ id }) => peers.every((peer) => peer.id !== id))].slice(0, maxRoundPeers) : peers);
    let record = await this.#begin(anchor, present, signal);
    if (await this.#decided(record, anchor)) return 1;
    this.#mark = this.#context.options.clock.monotonic();
    this.#show('running');
    let gained = 0;
    if (record.origin === 'genesis' && (await this.takeProof(present, background, signal, (height) => height <= this.#target(anchor).height || finalHash(this.#context.options.chain, height) !== undefined))) {
      record = this.#records.current(record);
      gained += 1;
      if (this.#context.anchor !== anchor || (await this.#decided(record, anchor))) return gained;
    }
    const start = record;
    const base = start.head.block.header.blockNumber;
    // Ends the requests of peers that are still silent when the round is over.
    const over = new AbortController();
    const joined = joinSignals(signal, over.signal);
    const offers = new PastOffers(this.#context, start, joined.signal);
    const known = new Set<PeerId>();
    const ask = (peer: SyncPeer) => {
      if (known.has(peer.id) || known.size >= maxRoundPeers) return;
      known.add(peer.id);
      offers.ask(peer);
    };
    // A round begins with the first live peer and can last minutes. Peers that join later take their share.
    const joinLate = () => {
      if (background) this.#unsuspected().forEach(ask);
    };
    try {
      peers.forEach(ask);
      await offers.gathering.most();
      this.#records.countStrangers(start, offers.unknown);
      for (const tried: Offer[] = []; this.#context.anchor === anchor; ) {
        const offer = nextOffer(offers.all, tried);
        if (!offer) {
          if (gained > 0 || offers.gathering.complete) break;
          // So far nothing was of use. The silent peers may have it.
          await offers.gathering.all();
          continue;
        }
        tried.push(offer);
        gained += await this.#take({ offer, all: offers.all, joinLate, base, record, anchor, background, signal });
        record = this.#records.current(record);
      }
    } finally {
      offers.gathering.stop();
      over.abort(new Overtaken());
      joined.release();
    }
    return gained;
  }

  /** The record to continue from; the pinned block is nearer than genesis. */
  async #begin(anchor: Anchor, peers: () => readonly SyncPeer[], signal: AbortSignal): Promise<ProofRecord> {
    const { chain, proofs } = this.#context.options;
    if (anchor.kind === 'witnesses' || (anchor.kind === 'pinned' && anchor.unchecked)) {
      const known = chain.network.pinnedElection && this.#records.pinned;
      if (known) return known;
      const { hash } = this.#pin;
      for await (const { peer, block } of this.#pin.copies(() => peers().map(({ id }) => id), signal)) {
        // A pinned block newer than our chain's target says nothing about our chain.
        if (blockKind(block) !== 'election' || block.header.blockNumber > this.#target(anchor).height) {
          this.#pin.end();
          break;
        }
        const start = { block: unsigned(block), hash: hash!, peer };
        proofs.verified?.([start]);
        this.#context.options.pastVerified([{ height: block.header.blockNumber, hash: start.hash, peer }]);
        return this.#records.keep(recordFrom('pinned', start));
      }
    }
    return this.#records.fromGenesis;
  }

  /** Verifies the offered blocks after the height `base` up to our anchor. Resolves with the number of blocks, and one more if a liar was found. */
  async #take({ offer, all, joinLate, base, record, anchor, background, signal }: Taking): Promise<number> {
    const { asker, bulk, chain, clock, random, settings, report, suspectsPast } = this.#context.options;
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
      items: chainOffered.filter(({ height }) => height > reached && height <= this.#target(anchor).height),
      peers: (place) => {
        joinLate();
        const able = new Set(this.#context.able.flatMap(({ id }) => (suspectsPast(id, 'election-chain') ? [] : [id])));
        return offeringAt(all, place, base, chain.policy.blocksPerEpoch).filter((id) => able.has(id));
      },
      report,
      past: 'election-chain',
      background: background ? this.#pace : undefined,
      onVerified: async (blocks) => {
        // Even if the chain was given up meanwhile, what was verified stays valid.
        const last = blocks.at(-1)!;
        const now = clock.monotonic();
        const gained = { ...nothingChecked, electionBlocks: blocks.length, justifications: blocks.length, milliseconds: Math.round(now - this.#mark) };
        this.#mark = now;
        this.#context.options.proofs.verified?.(blocks);
        this.#context.options.pastVerified(blocks.map(({ block, hash, peer }) => ({ height: block.header.blockNumber, hash, peer })));
        current = this.#records.keep({ ...current, head: last, checked: sumOfChecked(current.checked, gained) });
        this.#show('running');
        return this.#context.anchor === anchor && !(await this.#decided(current, anchor));
      },
      signal,
    });
    // A liar that is not asked again is a gain too: the next round need not wait.
    return run.verified + (run.refusal && this.#refuse(run.refusal) ? 1 : 0);
  }

  /** Reports the peer. Returns whether it was caught with a lie, so that it is not asked again soon. */
  #refuse({ peer, code, height, hash }: Refusal): boolean {
    const { report, onTooNew } = this.#context.options;
    const verdict = code === 'wrong-height' ? 'ban' : verdictOf(code as BlockErrorCode);
    if (verdict === 'client-too-old') onTooNew(peer, height);
    else report(peer, verdict === 'ban' ? { kind: 'lie', code, evidence: { height, hash }, past: 'election-chain' } : { kind: 'useless', code });
    return verdict === 'ban';
  }

  /** Whether the record decides about our chain. If so, acts on it. */
  async #decided(record: ProofRecord, anchor: Anchor): Promise<boolean> {
    const { chain, onNotice } = this.#context.options;
    const height = record.head.block.header.blockNumber;
    const target = this.#target(anchor);
    const ours = height === target.height ? target.hash : finalHash(chain, height);
    if (ours !== undefined && (ours !== record.head.hash || height >= target.height)) this.#records.decides(record);
    if (ours !== undefined && ours !== record.head.hash) {
      await this.#onRefuted({ record, height, ours, proven: record.head.hash });
      if (this.#context.anchor === anchor) this.#contested = anchor;
      return true;
    }
    if (ours === undefined || height < target.height) return false;
    chain.takeJustification(record.head.hash, record.head.block.justification);
    chain.credit(anchor.unchecked ? creditOf(record, this.#restored.checked) : record.checked);
    const { electionBlocks, milliseconds } = record.checked;
    if (record.origin === 'pinned') {
      this.#records.drop('pinned');
      this.#context.setAnchor(anchorOf(record));
      onNotice('info', 'verified-from-pin', { height, electionBlocks, milliseconds });
    } else {
      this.#context.setAnchor(anchorOf(record));
      onNotice('info', 'verified-from-genesis', { height, electionBlocks, milliseconds });
    }
    return true;
  }

  /** The furthest verified record that counts towards what our chain lacks. */
  get latest(): ProofRecord {
    const { kind, unchecked } = this.#context.anchor;
    const pinned = kind === 'witnesses' || (kind === 'pinned' && unchecked) ? this.#records.pinned : undefined;
    return pinned ?? this.#records.fromGenesis;
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
