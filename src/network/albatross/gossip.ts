import type { GossipSub, TopicValidatorFn } from '@libp2p/gossipsub';
import { TopicValidatorResult } from '@libp2p/gossipsub';
import type { GossipVerdict, PeerId } from '../../albatross/sync/net.ts';
import type { Clock } from '../../engine/clock.ts';

/** Milliseconds until a message without verdict is ignored. It would not be worth forwarding any more. */
const VERDICT_TIMEOUT = 10_000;
/** Messages of one peer, and of all, that wait for a verdict. Beyond, they are ignored. */
const MAX_PENDING_PER_PEER = 64;
const MAX_PENDING = 512;

/** Decides about a message: `accept` forwards it, `ignore` drops it, `reject` drops it and lowers the sender's score. */
export type GossipListener = (from: PeerId, data: Uint8Array) => Promise<GossipVerdict>;

export interface GossipHooks {
  received(message: { readonly from: PeerId; readonly topic: string; readonly size: number; readonly verdict: GossipVerdict }): void;
  listenerFailed(topic: string, error: unknown): void;
}

const results: Readonly<Record<GossipVerdict, TopicValidatorResult>> = { accept: TopicValidatorResult.Accept, ignore: TopicValidatorResult.Ignore, reject: TopicValidatorResult.Reject };

/** Subscriptions and their verdicts, over gossipsub. Outlives the libp2p node, which is made anew with every start. */
export class Gossip {
  readonly #clock: Clock;
  readonly #hooks: GossipHooks;
  readonly #listeners = new Map<string, GossipListener | undefined>();
  readonly #pending = new Map<PeerId, number>();
  #allPending = 0;
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

  /** Takes a started gossipsub into use. */
  attach(pubsub: GossipSub): void {
    this.#pubsub = pubsub;
    for (const topic of this.#listeners.keys()) this.#subscribe(pubsub, topic);
  }

  detach(): void {
    this.#pubsub = undefined;
  }

  /** The peers it was sent to directly. None, without error, when the node is stopped or nobody subscribed. */
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
      const verdict = await this.#judge(topic, from, message.data);
      this.#hooks.received({ from, topic, size: message.data.length, verdict });
      return results[verdict];
    };
    pubsub.topicValidators.set(topic, validate);
    if (!pubsub.getTopics().includes(topic)) pubsub.subscribe(topic);
  }

  async #judge(topic: string, from: PeerId, data: Uint8Array): Promise<GossipVerdict> {
    const listener = this.#listeners.get(topic);
    const pending = this.#pending.get(from) ?? 0;
    if (listener === undefined || pending >= MAX_PENDING_PER_PEER || this.#allPending >= MAX_PENDING) return 'ignore';
    this.#pending.set(from, pending + 1);
    this.#allPending++;
    try {
      return await new Promise<GossipVerdict>((resolve, reject) => {
        const cancel = this.#clock.after(VERDICT_TIMEOUT, () => resolve('ignore'));
        // Called inside a promise, so that a listener that throws at once is no different from one that rejects.
        Promise.resolve().then(() => listener(from, data)).finally(cancel).then(resolve, reject);
      });
    } catch (error) {
      this.#hooks.listenerFailed(topic, error);
      return 'ignore';
    } finally {
      this.#allPending--;
      const left = (this.#pending.get(from) ?? 1) - 1;
      if (left === 0) this.#pending.delete(from);
      else this.#pending.set(from, left);
    }
  }
}
