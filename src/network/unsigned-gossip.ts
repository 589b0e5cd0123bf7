import type { GossipSub } from '@libp2p/gossipsub';
import type { Connection, PeerId } from '@libp2p/interface';
import { CodedError } from '../base/coded-error.ts';

/** A message as it came in an RPC. */
interface RpcMessage {
  from?: Uint8Array | undefined;
  seqno?: Uint8Array | undefined;
  signature?: Uint8Array | undefined;
  key?: Uint8Array | undefined;
  readonly topic: string;
}

/** The internals of `@libp2p/gossipsub` 17.1.1 that are used here. The version is pinned, and `gossip.test.ts` guards them. */
interface Internals {
  validateReceivedMessage?: (source: PeerId, message: RpcMessage) => Promise<unknown>;
  onPeerConnected?: (peer: PeerId, connection: Connection) => void;
}

/** The installed gossipsub is not the version that this code was written for. */
export class GossipsubVersionError extends CodedError<'gossipsub-version'> {
  override readonly name = 'GossipsubVersionError';
  constructor(message: string) {
    super('gossipsub-version', message);
  }
}

/**
 * Makes `pubsub` (policy StrictNoSign) accept messages of the official nodes: they have `from` and `seqno`, but neither signature nor key.
 * js gossipsub accepts only "all signed" or "no such fields", and silently drops every other message. The fields are removed before it
 * checks them: nothing authenticates them, the message id does not cover them, and forwarded copies go without them.
 *
 * Messages on topics that we did not subscribe to are dropped here too. gossipsub would keep them in its history, which a flood of invented
 * topics could fill.
 *
 * Throws `GossipsubVersionError`.
 */
export function acceptUnsignedAuthors(pubsub: GossipSub): void {
  const internals = pubsub as Internals;
  const original = internals.validateReceivedMessage;
  if (typeof original !== 'function') throw new GossipsubVersionError('gossipsub has no validateReceivedMessage');
  internals.validateReceivedMessage = (source, message) => {
    if (!pubsub.getTopics().includes(message.topic)) return Promise.reject(new Error('message on a topic without subscription'));
    delete message.from;
    delete message.seqno;
    delete message.signature;
    delete message.key;
    return original.call(internals, source, message);
  };
}

/**
 * Lets gossipsub open its outbound stream on `connection` if it has none. gossipsub keeps one stream per peer, on the first connection, and
 * does not open another when that connection closes while a second one to the peer stays open.
 */
export function reattachGossip(pubsub: GossipSub, connection: Connection): void {
  (pubsub as Internals).onPeerConnected?.(connection.remotePeer, connection);
}
