// Tests: `src/chains/albatross/sync/albatross-sync-macro.test.ts`.
import { Backoff } from '../../../../base/backoff.ts';
import { sleep } from '../../../../base/clock.ts';
import type { Anchor } from '../../../../engine/trust.ts';
import type { Head } from '../../wire/requests.ts';
import { ChainDispute } from './chain-dispute.ts';
import { AskError } from '../ask/asker.ts';
import { CatchUpLoop } from './catch-up-loop.ts';
import { ElectionStart } from './election-start.ts';
import type { WitnessCount } from './election-witnesses.ts';
import { compareHead } from '../ask/head-verdict.ts';
import type { HeadVerdict } from '../ask/head-verdict.ts';
import { MacroContext } from '../macro-context.ts';
import type { Data, MacroSyncOptions } from '../macro-context.ts';
import { servesMacroBlocks } from '../net.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { SyncPeer } from '../net.ts';
import { PicoPeer } from '../pico-peer.ts';
import type { StateReason } from '../pico-peer.ts';
import type { PastVerifier } from '../past/past-verifier.ts';

/**
 * Pico macro sync over all peers: asks each for its head and decides where it stands (`PicoPeer`, `head-verdict.ts`). While we have no
 * chain, a peer that names an election block goes to the `ElectionStart`. A peer that is ahead goes to the `CatchUpLoop`, one that
 * contradicts us to the `ChainDispute`. A peer that is Good takes part in the live sync. Albatross block reference, 6.2 to 6.5.
 */
export class MacroSync {
  readonly #context: MacroContext;
  readonly #start: ElectionStart;
  readonly #arbitration: ChainDispute;
  readonly #catchUp: CatchUpLoop;
  readonly prover: PastVerifier;

  constructor(options: MacroSyncOptions, anchor: Anchor | undefined) {
    this.#context = new MacroContext(options, anchor, (entry, signal) => this.#askUntilPlaced(entry, signal));
    this.#arbitration = new ChainDispute(this.#context, () => {
      this.#start.clear();
      this.#catchUp.reset();
    });
    this.prover = this.#arbitration.prover;
    this.#start = new ElectionStart(this.#context, (signal) => this.#arbitration.startFromProven(signal));
    this.#catchUp = new CatchUpLoop(this.#context, this.#arbitration);
  }

  get anchor(): Anchor {
    return this.#context.anchor;
  }

  /** The anchor that the chain was restored on has been checked. */
  confirmAnchor(anchor: Anchor): void {
    this.#context.setAnchor(anchor);
  }

  /** The peers that can be asked for blocks, live peers first. */
  get askable(): readonly SyncPeer[] {
    return this.#context.able.toSorted((a, b) => Number(b.state === 'live') - Number(a.state === 'live')).map(({ peer }) => peer);
  }

  /** Set while the start waits for witnesses in further networks. */
  get lackingWitnesses(): WitnessCount | undefined {
    return this.#start.lacking;
  }

  get peers(): readonly PicoPeer[] {
    return this.#context.entries;
  }

  peer(id: PeerId): PicoPeer | undefined {
    return this.#context.peers.get(id);
  }

  /** The peers in live sync, the responsive ones first. */
  live(): readonly PeerId[] {
    return this.#context.entries
      .filter(({ state }) => state === 'live')
      .toSorted((a, b) => a.silences - b.silences)
      .map(({ id }) => id);
  }

  /** `aside`: the reason to keep it aside, if any. */
  join(peer: SyncPeer, aside?: StateReason): void {
    this.leave(peer.id);
    const entry = new PicoPeer(peer, this.#context.options.onPeer);
    this.#context.peers.set(peer.id, entry);
    if (aside) {
      entry.move('aside', aside);
      return;
    }
    this.#context.options.onPeer(entry);
    this.#context.ask(entry);
  }

  leave(id: PeerId): void {
    const entry = this.#context.peers.get(id);
    if (!entry) return;
    this.#context.peers.delete(id);
    this.#start.remove(id);
    entry.move('gone');
    this.#arbitration.settle();
  }

  /** A peer has lied: its statements no longer count. */
  banned(id: PeerId, code: string, data: Data): void {
    this.#start.remove(id);
    this.#context.peers.get(id)?.move('banned', { code, data });
  }

  /** A peer's statements no longer count, but it is not blamed. */
  setAside(id: PeerId, reason: StateReason): void {
    this.#start.remove(id);
    this.#context.peers.get(id)?.move('aside', reason);
  }

  /** A peer that was kept aside is asked for its head again. */
  readmit(id: PeerId): void {
    const entry = this.#context.peers.get(id);
    if (entry?.readmit()) this.#context.ask(entry);
  }

  /** A live peer does not fit the live sync: asks for its head again and compares it anew. */
  misfit(id: PeerId): void {
    const entry = this.#context.peers.get(id);
    const { clock, settings } = this.#context.options;
    if (entry?.state !== 'live' || clock.monotonic() - entry.askedAt < settings.reaskInterval) return;
    this.#context.ask(entry);
  }

  /** The head of a live peer, from a head round. Returns false if the peer no longer fits the live sync. */
  headOfLive(id: PeerId, head: Head): boolean {
    const entry = this.#context.peers.get(id);
    if (entry?.state !== 'live') return false;
    entry.height = head.blockNumber;
    entry.silences = 0;
    const { chain, settings } = this.#context.options;
    const verdict = this.#compare(head);
    // A block that the peer once named stays part of its chain, even if its head is now above all that we hold as final.
    if ('confirms' in verdict) entry.confirms ||= verdict.confirms;
    const tooFar = chain.undecided !== undefined || head.blockNumber > chain.head.height + settings.windowAheadBatches * chain.policy.blocksPerBatch;
    if (verdict.kind === 'good' || (verdict.kind === 'ahead' && !tooFar)) return true;
    this.misfit(id);
    return false;
  }

  /** The peer sent a block that we accepted at this height. */
  noteHeight(id: PeerId, height: number): void {
    const entry = this.#context.peers.get(id);
    if (!entry) return;
    entry.height = Math.max(entry.height ?? 0, height);
    const { chain } = this.#context.options;
    entry.confirms ||= height > chain.macroHead.height && chain.macroHead.height > chain.genesis.height;
  }

  /** A live peer did not answer. */
  silent(id: PeerId): void {
    this.#context.silent(id);
  }

  #compare(head: Head): HeadVerdict {
    const { chain, settings } = this.#context.options;
    return compareHead(head, chain, settings.toleratePastBatches * chain.policy.blocksPerBatch);
  }

  async #askUntilPlaced(entry: PicoPeer, signal: AbortSignal): Promise<void> {
    if (entry.busy) {
      entry.again = true;
      return;
    }
    entry.busy = true;
    try {
      do {
        entry.again = false;
        if (entry.state !== 'live' && !entry.move('asking')) break;
        if (!(await this.#askHead(entry, signal))) this.#context.options.disconnect(entry.id, 'no-usable-answer');
      } while (entry.again);
    } finally {
      entry.busy = false;
    }
    this.#arbitration.settle();
    this.#start.decide();
  }

  /** Asks the peer for its head until it is clear where it stands. Returns false if all attempts failed. */
  async #askHead(entry: PicoPeer, signal: AbortSignal): Promise<boolean> {
    const { asker, clock, random, settings } = this.#context.options;
    const backoff = new Backoff(random, { base: 500, cap: 10_000 });
    for (let attempt = 0; attempt < settings.askAttempts && entry.state !== 'aside'; attempt += 1) {
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

  /** Decides where a peer with this head stands. Returns false if the answer was of no use. */
  async #place(entry: PicoPeer, head: Head, signal: AbortSignal): Promise<boolean> {
    const { chain, settings, report } = this.#context.options;
    const verdict = this.#compare(head);
    entry.confirms = 'confirms' in verdict && verdict.confirms;
    entry.unrelated = verdict.kind === 'outdated' && !verdict.confirms;
    if (verdict.kind === 'impossible') {
      report(entry.id, { kind: 'useless', code: 'impossible-head' });
      return false;
    }
    if (!servesMacroBlocks(entry.peer, settings.requiredServices)) return this.#placeIncompatible(entry, head, verdict);
    if (verdict.kind === 'contradiction') return this.#placeContradicting(entry, verdict, signal);
    if (verdict.kind === 'outdated') {
      entry.move('outdated', { code: 'behind', data: { height: head.blockNumber, ours: chain.head.height } });
      this.#context.recheck(entry, verdict.near ? settings.reaskInterval : settings.recheckInterval);
      return true;
    }
    if (!this.#context.anchored && !entry.peer.witness) {
      this.#start.wait(entry, head);
      return true;
    }
    if (!this.#context.anchored) return (await this.#start.add(entry, head, signal)) === 'anchored' ? this.#place(entry, head, signal) : true;
    if (verdict.kind === 'good') {
      entry.fruitless = 0;
      entry.move('live');
    } else {
      entry.move('ahead');
      this.#catchUp.start(entry);
    }
    return true;
  }

  /** The peer cannot serve macro blocks, but if its head fits ours it can take part in the live sync. */
  #placeIncompatible(entry: PicoPeer, head: Head, verdict: HeadVerdict): boolean {
    const { chain, settings } = this.#context.options;
    const { policy } = chain;
    const fits = policy.batchAt(head.blockNumber) >= policy.batchAt(chain.head.height) - 1 && head.blockNumber <= chain.head.height + settings.windowAheadBatches * policy.blocksPerBatch;
    if (this.#context.anchored && fits && (verdict.kind === 'good' || verdict.kind === 'ahead')) entry.move('live');
    else {
      entry.move('incompatible', { code: 'services-missing', data: { services: entry.peer.services, required: settings.requiredServices } });
      this.#context.recheck(entry, settings.recheckInterval);
    }
    return true;
  }

  /** The accusation counts only after the peer has shown the other block. */
  async #placeContradicting(entry: PicoPeer, verdict: Extract<HeadVerdict, { kind: 'contradiction' }>, signal: AbortSignal): Promise<boolean> {
    const accusation = await this.#arbitration.provenContradiction(entry.id, verdict.theirs, verdict.height, this.#context.options.chain, signal);
    if (!accusation) return false;
    this.#arbitration.accuse(entry, accusation);
    return true;
  }
}
