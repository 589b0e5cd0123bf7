import type { GossipVerdict, PeerId, PeerReport } from '../../../engine/peers/peer-net.ts';
import type { AnswerLimits } from '../wire/exchange.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../wire/requests.ts';
import { providesServices, services as serviceBits } from '../wire/services.ts';
import type { BlockHeaderMessage } from '../wire/types.ts';

/** A peer whose discovery handshake is done. */
export interface SyncPeer {
  readonly id: PeerId;
  /** Bits of `wire/services.ts`. */
  readonly services: number;
  /** The network that counts as one witness, see `engine/peers/witness-network.ts`. */
  readonly subnet: string;
  /**
   * Whether it is a node of the network, whose word can be taken on trust together with that of other nodes. Other Petrel clients cost
   * nothing to create and know only what other peers told them, so they are no witnesses; all that they serve is verified.
   */
  readonly witness: boolean;
}

/** Whether a peer can be asked for macro blocks: a node by the services in its contact, a Petrel client if it serves headers. */
export function servesMacroBlocks({ witness, services }: SyncPeer, required: number): boolean {
  return providesServices(services, witness ? required : serviceBits.headers);
}

/** `timeout` in milliseconds. */
export interface AskedOptions extends AnswerLimits {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
  /** Called when the request leaves. Until then it waits for limits of ours, and the peer cannot be called silent. */
  readonly onSent?: (() => void) | undefined;
}

/** The network as the sync sees it; implemented by the hub over libp2p, and by the simulator. */
export interface SyncNet {
  /** The peers that are joined now, in the order in which they joined. */
  peers(): readonly SyncPeer[];
  on(name: 'joined' | 'left', listener: (peer: SyncPeer) => void): () => void;
  /**
   * Asks one peer. Resolves with the decoded answer (for a request whose answer is a `Result`, `{ ok: false, error }` is an answer, not an
   * exception). Keeps to the peer's rate limits by itself, and calls `onSent`. `maxBlocks`: the maximum number of blocks that is read. Throws `RequestError`,
   * or the signal's reason.
   */
  request<K extends RequestKind>(peer: PeerId, kind: K, body: RequestBody<K>, options?: AskedOptions): Promise<ResponseBody<K>>;
  /** The only consumer of `block-header`. It is called with decoded messages only; its verdict goes to gossipsub. */
  onAnnouncement(listener: (from: PeerId, message: BlockHeaderMessage) => Promise<GossipVerdict>): () => void;
  report(peer: PeerId, report: PeerReport): void;
  /** Undoes the effects of a `lie` of this code: the peer may connect again, and nothing is held against it. A ban for another reason stays. */
  pardon(peer: PeerId, code: string): void;
  /** Closes the connection without blaming the peer. */
  disconnect(peer: PeerId, reason: string): void;
}
