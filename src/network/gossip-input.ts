import type { GossipSub } from '@libp2p/gossipsub';
import type { PeerId } from '@libp2p/interface';
import { createTurnTaker } from '../base/yield-turn.ts';
import { GossipsubVersionError } from './unsigned-gossip.ts';

/** Bytes counted for a stream that broke the framing of its messages: how much it made us read is not known. */
const BROKEN_FRAME = 65_536;

/** Bytes that each message and subscription in an RPC counts for, besides its own: it costs us more than that. */
const ITEM_COST = 1024;
/**
 * Milliseconds that the RPCs of one stream may take before other streams have their turn: gossipsub handles all that has come in one task.
 */
const SLICE = 8;

/**
 * What came in an RPC. `unheard`: from a peer whose score is so low that gossipsub ignores its messages. `undecodable`: not an RPC, or one
 * with more items than allowed. Every RPC is also reported as `read`.
 */
export type GossipInput = 'read' | 'unheard' | 'undecodable';

interface Chunk {
  subarray(): Uint8Array;
}

interface Rpc {
  messages: readonly { readonly topic: string }[];
  readonly subscriptions: readonly unknown[];
}

/** The internals of `@libp2p/gossipsub` 17.1.1 that are used here. The version is pinned, and the test beside this file guards them. */
interface Internals {
  pipePeerReadStream?: (peer: PeerId, source: AsyncIterable<Chunk>) => Promise<void>;
  decodeRpc?: (bytes: Uint8Array) => Rpc;
  getScore?: (peer: string) => number;
  readonly opts?: { readonly scoreThresholds: { readonly graylistThreshold: number } };
}

/**
 * Reports every RPC that comes, with its bytes. gossipsub decodes RPCs before any validator runs, and silently drops those that it cannot
 * decode or that come from ignored peers. Messages on topics that we did not subscribe to are dropped.
 *
 * Throws `GossipsubVersionError`.
 */
export function watchGossipInput(pubsub: GossipSub, onInput: (peer: PeerId, bytes: number, input: GossipInput) => void): void {
  const internals = pubsub as unknown as Internals;
  const { pipePeerReadStream: pipe, decodeRpc: decode, getScore, opts } = internals;
  if (pipe === undefined || decode === undefined || getScore === undefined || opts === undefined) throw new GossipsubVersionError('gossipsub has not all of pipePeerReadStream, decodeRpc, getScore and opts');
  /** The sender of the bytes that are being decoded. */
  const senders = new WeakMap<Uint8Array, PeerId>();
  internals.pipePeerReadStream = (peer, source) => pipe.call(internals, peer, chunks(peer, source));
  internals.decodeRpc = (bytes) => {
    const peer = senders.get(bytes);
    if (peer === undefined) return decode.call(internals, bytes);
    try {
      const rpc = decode.call(internals, bytes);
      onInput(peer, bytes.length + ITEM_COST * (rpc.messages.length + rpc.subscriptions.length), 'read');
      const topics = pubsub.getTopics();
      rpc.messages = rpc.messages.filter(({ topic }) => topics.includes(topic));
      if (getScore.call(internals, peer.toString()) < opts.scoreThresholds.graylistThreshold) onInput(peer, bytes.length, 'unheard');
      return rpc;
    } catch (error) {
      onInput(peer, bytes.length, 'read');
      onInput(peer, bytes.length, 'undecodable');
      throw error;
    }
  };

  async function* chunks(peer: PeerId, source: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
    const turns = createTurnTaker();
    let begun = performance.now();
    try {
      for await (const data of source) {
        if (performance.now() - begun > SLICE) {
          await turns.turn();
          begun = performance.now();
        }
        const bytes = data.subarray();
        senders.set(bytes, peer);
        yield { subarray: () => bytes };
      }
    } catch (error) {
      if (error instanceof Error && /^Invalid.*LengthError$/.test(error.name)) onInput(peer, BROKEN_FRAME, 'undecodable');
      throw error;
    } finally {
      turns.close();
    }
  }
}
