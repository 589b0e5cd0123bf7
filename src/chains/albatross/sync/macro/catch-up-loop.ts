// Tests: `src/chains/albatross/sync/albatross-sync-macro.test.ts`.
import { askPatience } from '../../../../engine/fetch/ask-beside.ts';
import { awaitMost } from '../../../../engine/fetch/gathering.ts';
import { Backoff } from '../../../../base/backoff.ts';
import { sleep } from '../../../../base/clock.ts';
import { withTimeout } from '../../../../base/with-timeout.ts';
import type { Clock } from '../../../../base/clock.ts';
import { verdictOf } from '../../chain/rules/verdict.ts';
import type { BlockErrorCode } from '../../chain/rules/codes.ts';
import type { ChainDispute } from './chain-dispute.ts';
import { catchUpRound } from './catch-up-round.ts';
import { maxRoundPeers } from '../settings.ts';
import { isVerified } from './conflicts.ts';
import type { CatchUpOutcome } from './macro-catch-up.ts';
import type { MacroContext } from '../macro-context.ts';
import type { SyncPeer } from '../net.ts';
import { PinSearch } from './pin-search.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { Accusation, PicoPeer } from '../pico-peer.ts';

/**
 * Catches up as long as there are peers ahead, in rounds over all of them. After each round every peer is asked for its head again.
 * Contradictions found in a round go to the `ChainDispute`.
 */
export class CatchUpLoop {
  readonly #context: MacroContext;
  readonly #arbitration: ChainDispute;
  #running = false;
  readonly #pin: PinSearch;
  #search: Promise<void> | undefined;
  /** In this session the chain was built all the way from genesis. */
  #begunAtGenesis = false;
  #pinUnusable = false;
  #wake: (() => void) | undefined;
  /** The peers of the running round. */
  #round: PicoPeer[] = [];
  /** Has a peer outside the running round take part in it. */
  #askNewcomer: ((peer: SyncPeer) => boolean) | undefined;
  /** Peers that are asked for what their claims rest on. */
  readonly #exposing = new Map<PeerId, Promise<void>>();
  /** A peer outside the running round is ahead too, so the next round starts without delay. */
  #hurry = false;

  constructor(context: MacroContext, arbitration: ChainDispute) {
    this.#context = context;
    this.#arbitration = arbitration;
    this.#pin = new PinSearch(context);
  }

  /** The chain was replaced. */
  reset(): void {
    this.#pin.reset();
    this.#begunAtGenesis = false;
    this.#pinUnusable = false;
  }

  /** Starts for a peer that is ahead, or ends a wait early. A peer of the running round that is still ahead changes nothing. */
  start(entry: PicoPeer): void {
    if (this.#running) {
      if (this.#round.includes(entry)) return;
      if (this.#askNewcomer?.(entry.peer)) this.#round.push(entry);
      else this.#hurry = true;
      this.#wake?.();
      // A round from genesis can be long and depend on a slow peer, so look for the pinned block meanwhile.
      this.#context.options.tasks.run((signal) => this.#takePinned(signal));
      return;
    }
    if (this.#context.replacing) return;
    this.#running = true;
    this.#context.options.tasks.run(async (signal) => {
      try {
        await this.#run(signal);
      } finally {
        this.#running = false;
        this.#round = [];
        this.#context.options.onProgress(undefined);
        // A peer is left only if a failing verifier cut the loop short. Nothing else would restart it.
        const left = this.#context.entries.find(({ state }) => state === 'ahead');
        if (left) this.#context.after(this.#context.options.settings.reaskInterval, () => this.start(left));
      }
      this.#arbitration.settle();
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { asker, chain, clock, random } = this.#context.options;
    const backoff = new Backoff(random, { base: 1000, cap: 30_000 });
    const first = chain.policy.epochAt(chain.electionHead.height);
    for (;;) {
      this.#hurry = false;
      // Peers that gave nothing in earlier rounds take no place from others.
      const ahead = this.#context.entries.filter(({ state }) => state === 'ahead').toSorted((a, b) => a.fruitless - b.fruitless).slice(0, maxRoundPeers);
      if (ahead.length === 0) return;
      this.#round = ahead;
      if (chain.head.height === chain.genesis.height) this.#begunAtGenesis = true;
      await this.#takePinned(signal);
      const onProgress = (height: number, target: number) => {
        const start = Math.min(first, chain.policy.epochAt(chain.electionHead.height));
        this.#context.options.onProgress({ done: chain.policy.epochAt(height) - start, total: chain.policy.epochAt(target) - start });
      };
      const onNewcomer = (ask: ((peer: SyncPeer) => boolean) | undefined) => void (this.#askNewcomer = ask);
      // A peer that has nothing more need not wait for the end of the round to become live.
      const onEmpty = ({ id }: SyncPeer) => {
        const entry = this.#context.peers.get(id);
        if (entry?.state === 'ahead') this.#context.ask(entry);
      };
      const outcome = await catchUpRound(this.#context, chain, Array.from(ahead), signal, { onProgress, onNewcomer, onEmpty });
      await this.#draw(outcome, signal);
      // While verifying from genesis, no peer may show every epoch, but some peer may have a proof of them.
      if (outcome.applied === 0 && chain.head.height === chain.genesis.height && this.#context.fromGenesis) await this.#arbitration.takeUpProof(signal);
      // Peers that are still ahead are asked for their head again. The next round does not wait for silent ones.
      const again = ahead.filter(({ state }) => state === 'ahead').map(async (entry) => {
        await this.#context.askAndWait(entry, signal);
        return entry.state === 'ahead' || entry.state === 'live';
      });
      await awaitMost(clock, () => asker.patience, again, (placed) => placed);
      if (outcome.applied > 0) backoff.reset();
      else if (!this.#hurry && this.#context.entries.some(({ state }) => state === 'ahead')) await this.#sleepUntilWoken(backoff.next(), clock, signal);
    }
  }

  /** Acts on the outcome of a round on our own chain. */
  async #draw(outcome: CatchUpOutcome, signal: AbortSignal): Promise<void> {
    const { chain, clock, report, onTooNew } = this.#context.options;
    for (const { peer, code, height, hash } of outcome.refusals) {
      const verdict = code === 'wrong-height' ? 'ban' : verdictOf(code as BlockErrorCode);
      const evidence = { height, hash };
      if (verdict === 'client-too-old') onTooNew(peer, height);
      if (verdict !== 'ban') continue;
      // Our chain is verified from genesis, so the peer must be wrong.
      if (this.#context.anchor.kind === 'genesis' && isVerified(this.#context.anchor)) report(peer, { kind: 'lie', code, evidence });
      else this.#arbitration.accuse(this.#context.peers.get(peer), { kind: 'failed-check', code, evidence });
    }
    for (const { peers, theirs, height } of outcome.contradictions) {
      for (const peer of peers) this.#expose(peer, (own) => this.#arbitration.provenOrNothing(peer, theirs, height, chain, own));
    }
    for (const peer of outcome.strangers) {
      const { height, hash } = chain.macroHead;
      // Other peers have led us past its height since it stated its head. It cannot know our blocks, and is asked again.
      if ((this.#context.peers.get(peer)?.height ?? height) < height) continue;
      const unknown = { kind: 'unknown-anchor', code: 'unknown-anchor', evidence: { height, hash } } as const;
      this.#expose(peer, async (own) => (await this.#arbitration.exposeStranger(peer, own)) ?? unknown);
    }
    await withTimeout(clock, askPatience, Promise.allSettled(this.#exposing.values()));
    signal.throwIfAborted();
    // A peer that answers head requests but never delivers macro blocks is dropped after `askAttempts` fruitless rounds.
    for (const peer of new Set(outcome.applied === 0 ? [...outcome.empty, ...outcome.silent] : [])) {
      const entry = this.#context.peers.get(peer);
      if (entry && (entry.fruitless += 1) >= this.#context.options.settings.askAttempts) this.#context.options.disconnect(peer, 'nothing-to-give');
    }
  }

  /** Gets what a peer's claim rests on, and accuses it. A peer that keeps that back delays nothing: the accusation comes when it gives it. */
  #expose(id: PeerId, accusation: (signal: AbortSignal) => Promise<Accusation | undefined>): void {
    const entry = this.#context.peers.get(id);
    if (!entry || this.#exposing.has(id)) return;
    this.#context.options.tasks.run((signal) => {
      const exposing = accusation(signal)
        .then((found) => {
          if (found) this.#arbitration.accuse(entry, found);
        })
        .finally(() => {
          this.#exposing.delete(id);
          if (!signal.aborted && !this.#running) this.#arbitration.settle();
        });
      this.#exposing.set(id, exposing);
      return exposing;
    }, entry.signal);
  }

  /**
   * The pinned election block of the release makes the epochs before it unnecessary, even if earlier peers withheld it and the chain has
   * grown without it. Then the chain continues from there, and a running round ends, because its blocks are no longer useful.
   */
  #takePinned(signal: AbortSignal): Promise<void> {
    this.#search ??= this.#searchPinned(signal).finally(() => {
      this.#search = undefined;
    });
    return this.#search;
  }

  async #searchPinned(signal: AbortSignal): Promise<void> {
    const { chain, onNotice } = this.#context.options;
    const { hash } = this.#pin;
    const ahead = () => this.#context.entries.filter(({ state }) => state === 'ahead');
    // The pinned block is useless if the chain is within an epoch of all peers.
    const wanted = () => this.#begunAtGenesis && this.#context.anchor.kind === 'genesis' && !this.#context.replacing && ahead().some(({ height = 0 }) => height >= chain.policy.electionBlockAfter(chain.electionHead.height));
    if (hash === undefined || !wanted()) return;
    for await (const { block } of this.#pin.copies(() => ahead().map(({ id }) => id), signal)) {
      // The chain may have been replaced meanwhile.
      if (!wanted()) return;
      const result = await chain.pushElectionOnTrust(block);
      if (result.result === 'extended') this.#context.setAnchor({ kind: 'pinned', height: chain.electionHead.height, hash, witnesses: [], fewWitnesses: false });
      if (result.result !== 'invalid') return this.#pin.end();
      // The parts that the hash does not cover may be wrong in this copy. Other peers may have a better one.
      if (!this.#pinUnusable) onNotice('error', 'pinned-block-unusable', { hash });
      this.#pinUnusable = true;
    }
  }

  async #sleepUntilWoken(wait: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await Promise.race([sleep(clock, wait, signal), woken]);
    this.#wake = undefined;
  }
}
