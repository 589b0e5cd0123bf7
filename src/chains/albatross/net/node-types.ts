import type { Emitter } from '../../../base/emitter.ts';
import type { NodePeer, PeerId } from '../../../engine/peers/peer-net.ts';
import type { PeerNode, PeerNodeEvents, PeerNodeOptions } from '../../../network/node/peer-node-types.ts';
import type { SignedPeerContact } from '../wire/discovery.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../wire/requests.ts';
import type { ContactVerdict } from './contact-book.ts';
import type { RequestOptions } from './request-client.ts';
import type { ReceivedRequest, RequestHandler, RequestOutcome } from './request-server.ts';

export interface AlbatrossNodeOptions extends PeerNodeOptions {
  /** The services this node offers. */
  readonly services: number;
  /** Services that contacts must offer to be kept. Other peers are asked to send only such contacts. */
  readonly requiredServices: number;
  /**
   * Besides what `PeerNodeOptions` says: every contact in a list must be signed; updates every 30 s at most; a peer with a contact from the
   * future never joins.
   */
  readonly strict?: boolean | undefined;
  /** Ed25519 seed, 32 bytes. Default: a new identity. */
  readonly privateKey?: Uint8Array | undefined;
  /** Milliseconds for each state of discovery with a peer. Default: computed from the connection's round trip. */
  readonly discoveryPatience?: number | undefined;
  /** Milliseconds after a broken stream within which the end of its connection is what broke it. Default 250. */
  readonly closePatience?: number | undefined;
  /** Milliseconds of the window that the request limits apply to. Default the network's 10 s. */
  readonly rateWindow?: number | undefined;
}

export interface AlbatrossNodeEvents extends PeerNodeEvents {
  /** A request of a known kind was received, before its handler is called. */
  request: ReceivedRequest;
  'request-finished': { readonly from: PeerId; readonly requestId: string; readonly connectionId: string; readonly kind: RequestKind | 'unknown'; readonly outcome: RequestOutcome };
}

/** One node of an Albatross network. The same in a browser's worker and in Node. */
export interface AlbatrossNode extends PeerNode {
  readonly events: Emitter<AlbatrossNodeEvents>;
  /** Asks a joined peer. Waits as the peer's rate limits require. Throws `RequestError`, or the signal's reason. */
  request<K extends RequestKind>(peer: PeerId, kind: K, body: RequestBody<K>, options?: RequestOptions): Promise<ResponseBody<K>>;
  /** Answers requests of one kind. Kinds without handler are answered `no-receiver`, and so are peers of another kind than `only`. */
  handle<K extends RequestKind>(kind: K, handler: RequestHandler<K>, only?: NodePeer['kind']): void;
  /** The contact that this node gives of itself. */
  contact(): Promise<SignedPeerContact>;
  /** Takes in a contact that did not come from a peer. It is checked as if one had sent it. */
  learn(contact: SignedPeerContact): Promise<ContactVerdict>;
}
