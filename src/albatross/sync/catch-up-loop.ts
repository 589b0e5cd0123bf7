import { Backoff } from '../../engine/backoff.ts';
import { sleep } from '../../engine/clock.ts';
import type { Clock } from '../../engine/clock.ts';
import { verdictOf } from '../chain/rules/verdict.ts';
import type { BlockErrorCode } from '../chain/rules/codes.ts';
import type { Hash } from '../wire/types.ts';
import type { Arbitration } from './arbitration.ts';
import { catchUpRound, maxRoundPeers } from './catch-up-round.ts';
import type { CatchUpOutcome } from './macro-catch-up.ts';
import type { MacroContext } from './macro-context.ts';
import type { PicoPeer } from './pico-peer.ts';

/**
 * Catches up as long as there are peers ahead: round after round over all of them, each of which then tells anew where it stands. What
 * goes wrong in a round is brought before the arbitration.
 */
export class CatchUpLoop {
  readonly #context: MacroContext;
  readonly #arbitration: Arbitration;
  #running = false;
  #pinTried = false;
  #wake: (() => void) | undefined;
  /** The peers of the running round. */
  #round: readonly PicoPeer[] = [];
  /** Somebody who is not of the running round is ahead too: the next one does not wait. */
  #hurry = false;

  constructor(context: MacroContext, arbitration: Arbitration) {
    this.#context = context;
    this.#arbitration = arbitration;
  }

  /** The chain starts over. */
  reset(): void {
    this.#pinTried = false;
  }

  /** Starts, or hurries on when it is waiting, for a peer that is ahead. One that was asked in this round and is still ahead is no news. */
  start(entry: PicoPeer): void {
    if (this.#running) {
      if (this.#round.includes(entry)) return;
      this.#hurry = true;
      this.#wake?.();
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
        // Only when it was cut short, by a verifier that failed: nobody else would take it up again.
        const left = this.#context.entries.find(({ state }) => state === 'ahead');
        if (left) this.#context.after(this.#context.options.settings.reaskInterval, () => this.start(left));
      }
      this.#arbitration.settle();
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { chain, clock, random } = this.#context.options;
    const backoff = new Backoff(random, { base: 1000, cap: 30_000 });
    const first = chain.policy.epochAt(chain.electionHead.height);
    for (;;) {
      this.#hurry = false;
      const ahead = this.#context.entries.filter(({ state }) => state === 'ahead').slice(0, maxRoundPeers);
      if (ahead.length === 0) return;
      this.#round = ahead;
      if (chain.network.pinnedElection && !this.#pinTried && chain.head.height === chain.genesis.height) await this.#takePinned(chain.network.pinnedElection.hash, ahead, signal);
      const outcome = await catchUpRound(this.#context, chain, ahead, signal, (height, target) => {
        const start = Math.min(first, chain.policy.epochAt(chain.electionHead.height));
        this.#context.options.onProgress({ done: chain.policy.epochAt(height) - start, total: chain.policy.epochAt(target) - start });
      });
      await this.#draw(outcome, signal);
      // Who verifies from genesis may find that nobody shows every epoch, and somebody a proof of them.
      if (outcome.applied === 0 && chain.head.height === chain.genesis.height && this.#context.fromGenesis) await this.#arbitration.takeUpProof(signal);
      // Whoever is still ahead tells anew where it stands.
      await Promise.all(ahead.filter(({ state }) => state === 'ahead').map((entry) => this.#context.askAndWait(entry, signal)));
      if (outcome.applied > 0) backoff.reset();
      else if (!this.#hurry && this.#context.entries.some(({ state }) => state === 'ahead')) await this.#sleepUntilWoken(backoff.next(), clock, signal);
    }
  }

  /** Draws the conclusions from a round on our own chain. */
  async #draw(outcome: CatchUpOutcome, signal: AbortSignal): Promise<void> {
    const { chain, report, onTooNew } = this.#context.options;
    for (const { peer, code, height, hash } of outcome.refusals) {
      const verdict = code === 'wrong-height' ? 'ban' : verdictOf(code as BlockErrorCode);
      const evidence = { height, hash };
      if (verdict === 'client-too-old') onTooNew(peer, height);
      if (verdict !== 'ban') continue;
      // On a chain verified from genesis there is only one that can be wrong.
      if (this.#context.anchor.kind === 'genesis') report(peer, { kind: 'lie', code, evidence });
      else this.#arbitration.accuse(this.#context.peers.get(peer), { kind: 'failed-check', code, evidence });
    }
    for (const { peers, theirs, height } of outcome.contradictions) {
      for (const peer of peers) {
        const accusation = await this.#arbitration.provenOrNothing(peer, theirs, height, chain, signal);
        if (accusation) this.#arbitration.accuse(this.#context.peers.get(peer), accusation);
      }
    }
    for (const peer of outcome.strangers) {
      const { height, hash } = chain.macroHead;
      const unknown = { kind: 'unknown-anchor', code: 'unknown-anchor', evidence: { height, hash } } as const;
      this.#arbitration.accuse(this.#context.peers.get(peer), (await this.#arbitration.exposeStranger(peer, signal)) ?? unknown);
    }
    // Heads answer the question whether it is there; nothing to give for them is another failing, of which heads are no excuse.
    for (const peer of new Set(outcome.applied === 0 ? [...outcome.empty, ...outcome.silent] : [])) {
      const entry = this.#context.peers.get(peer);
      if (entry && (entry.fruitless += 1) >= this.#context.options.settings.askAttempts) this.#context.options.disconnect(peer, 'nothing-to-give');
    }
  }

  /** The election block pinned in the release spares the epochs before it. */
  async #takePinned(hash: Hash, peers: readonly PicoPeer[], signal: AbortSignal): Promise<void> {
    const { asker, chain, onNotice } = this.#context.options;
    for (const { id } of peers) {
      const block = await asker.copyOf(id, hash, signal);
      if (!block) continue;
      this.#pinTried = true;
      const result = await chain.pushElectionOnTrust(block);
      if (result.result === 'extended') this.#context.setAnchor({ kind: 'pinned', height: chain.electionHead.height, hash, witnesses: [], fewWitnesses: false });
      else onNotice('error', 'pinned-block-unusable', { hash });
      return;
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
