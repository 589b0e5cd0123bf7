// Tests: `src/chains/albatross/net/gossip.test.ts`.
import type { GossipSub, TopicValidatorFn } from '@libp2p/gossipsub';
import { TopicValidatorResult } from '@libp2p/gossipsub';
import type { GossipVerdict, PeerId } from '../../engine/peers/peer-net.ts';
import type { Clock } from '../../base/clock.ts';
import { Deadline } from '../../base/deadline.ts';

/** Milliseconds after which a message without verdict is ignored. By then it is not worth forwarding any more. */
const VERDICT_TIMEOUT = 10_000;
/** Messages that may wait for a verdict, of one peer and of all peers. Further ones are ignored. */
const MAX_PENDING_PER_PEER = 64;
const MAX_PENDING = 512;

/**
 * What is wrong with a message's bytes. `padded`: official nodes would read it and pass it on, so it is dropped without lowering the
 * sender's gossip score. `undecodable`: it is rejected.
 */
export type GossipFault = 'padded' | 'undecodable';

/** Decides about a message: `accept` forwards it, `ignore` drops it, `reject` drops it and lowers the sender's score. */
export type GossipListener = (from: PeerId, data: Uint8Array) => Promise<GossipVerdict | GossipFault>;

/** A message and its verdict. */
export interface ReceivedGossip {
  readonly from: PeerId;
  readonly topic: string;
  readonly size: number;
  readonly verdict: GossipVerdict;
  readonly fault?: GossipFault;
}

export interface GossipHooks {
  received(message: ReceivedGossip): void;
  listenerFailed(topic: string, error: unknown): void;
}

const results: Readonly<Record<GossipVerdict, TopicValidatorResult>> = { accept: TopicValidatorResult.Accept, ignore: TopicValidatorResult.Ignore, reject: TopicValidatorResult.Reject };

/** Subscriptions and their verdicts, over gossipsub. Outlives the libp2p node, which each start creates anew. */
export class Gossip {
  readonly #clock: Clock;
  readonly #hooks: GossipHooks;
  readonly #listeners = new Map<string, GossipListener | undefined>();
  readonly #pending = new Map<PeerId, number>();
  #allPending = 0;
  /** Deadlines of the verdicts that are awaited. */
  readonly #waits = new Set<Deadline>();
  #pubsub: GossipSub | undefined;

  /** @param topics Subscribed from the start; without listener their messages are ignored. */
  constructor(clock: Clock, topics: readonly string[], hooks: GossipHooks) {
    this.#clock = clock;
    this.#hooks = hooks;
    for (const topic of topics) this.#listeners.set(topic, undefined);
  }

  /** Subscribes `topic`. One listener per topic; a second one replaces the first. */
  listen(topic: string, listener: GossipListener): void {
    this.#listeners.set(topic, listener);
    if (this.#pubsub !== undefined) this.#subscribe(this.#pubsub, topic);
  }

  /** Uses a started gossipsub from now on. */
  attach(pubsub: GossipSub): void {
    this.#pubsub = pubsub;
    for (const topic of this.#listeners.keys()) this.#subscribe(pubsub, topic);
  }

  detach(): void {
    this.#pubsub = undefined;
    for (const wait of this.#waits) wait.abort(new Error('detached'));
  }

  /** Returns the peers it was sent to directly. Returns none, without error, when the node is stopped or no peer subscribed. */
  async publish(topic: string, data: Uint8Array): Promise<readonly PeerId[]> {
    const result = await this.#pubsub?.publish(topic, data);
    return result?.recipients.map(String) ?? [];
  }

  subscribers(topic: string): readonly PeerId[] {
    return this.#pubsub?.getSubscribers(topic).map(String) ?? [];
  }

  #subscribe(pubsub: GossipSub, topic: string): void {
    const validate: TopicValidatorFn = async (source, message) => {
      const from = source.toString();
      const judged = await this.#judge(topic, from, message.data);
      const fault = judged === 'padded' || judged === 'undecodable' ? { fault: judged } : {};
      const verdict = judged === 'padded' ? 'ignore' : judged === 'undecodable' ? 'reject' : judged;
      this.#hooks.received({ from, topic, size: message.data.length, verdict, ...fault });
      return results[verdict];
    };
    pubsub.topicValidators.set(topic, validate);
    if (!pubsub.getTopics().includes(topic)) pubsub.subscribe(topic);
  }

  async #judge(topic: string, from: PeerId, data: Uint8Array): Promise<GossipVerdict | GossipFault> {
    const listener = this.#listeners.get(topic);
    const pending = this.#pending.get(from) ?? 0;
    if (listener === undefined || pending >= MAX_PENDING_PER_PEER || this.#allPending >= MAX_PENDING) return 'ignore';
    this.#pending.set(from, pending + 1);
    this.#allPending++;
    const deadline = new Deadline(this.#clock, VERDICT_TIMEOUT, undefined, () => new Error('no verdict'));
    this.#waits.add(deadline);
    try {
      // Called inside a promise, so that a listener that throws synchronously is handled like one that rejects.
      return await deadline.race(Promise.resolve().then(() => listener(from, data)));
    } catch (error) {
      if (!deadline.signal.aborted) this.#hooks.listenerFailed(topic, error);
      return 'ignore';
    } finally {
      deadline.clear();
      this.#waits.delete(deadline);
      this.#allPending--;
      const left = (this.#pending.get(from) ?? 1) - 1;
      if (left === 0) this.#pending.delete(from);
      else this.#pending.set(from, left);
    }
  }
}
