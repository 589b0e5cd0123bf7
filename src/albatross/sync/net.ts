import type { RequestBody, RequestKind, ResponseBody } from '../wire/requests.ts';
import { providesServices, services as serviceBits } from '../wire/services.ts';
import type { BlockHeaderMessage } from '../wire/types.ts';

/** The libp2p peer id in its text form. */
export type PeerId = string;

/** A peer whose discovery handshake is done. */
export interface SyncPeer {
  readonly id: PeerId;
  /** Bits of `wire/services.ts`. */
  readonly services: number;
  /** What counts as one witness: the /24 (IPv4), the /48 (IPv6), the host name's registered part, or, on loopback, the peer id. */
  readonly subnet: string;
  /**
   * A node of the network: what it says can be taken on trust together with what others say. Other Petrel clients cost nothing to make and
   * know no more than was told to them, so they are no witnesses; all that they serve is verified.
   */
  readonly witness: boolean;
}

/** Whether a peer can be asked for macro blocks: a node of the network by the services of its contact, a Petrel client when it serves headers. */
export function servesMacroBlocks({ witness, services }: SyncPeer, required: number): boolean {
  return providesServices(services, witness ? required : serviceBits.headers);
}

export type GossipVerdict = 'accept' | 'ignore' | 'reject';

/** What the sync says about a peer. `lie` bans; the others only move its score. */
export type PeerReport =
  | { readonly kind: 'useful'; readonly bytes: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'useless'; readonly code: string }
  | {
      readonly kind: 'lie';
      readonly code: string;
      /** What proves it: hashes, heights, rule. Clonable and small. */
      readonly evidence: Readonly<Record<string, string | number>>;
      /** The proof in the background found it. It says nothing about the rules for new blocks, so it bans at once and raises no doubt about them. */
      readonly past?: boolean | undefined;
    };

export type RequestErrorCode = 'timeout' | 'disconnected' | 'no-receiver' | 'rate-limited' | 'malformed' | 'too-large' | 'refused' | 'busy';

/** A request that brought no usable answer. `malformed` and `too-large` are the peer's fault, `busy` is our own bound. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  constructor(code: RequestErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The network as the sync sees it; implemented by the hub over libp2p, and by the simulator. */
export interface SyncNet {
  /** The peers joined now, in the order in which they joined. */
  peers(): readonly SyncPeer[];
  on(name: 'joined' | 'left', listener: (peer: SyncPeer) => void): () => void;
  /**
   * Asks one peer. Resolves with the decoded answer (for a request whose answer is a `Result`, `{ ok: false, error }` is an answer,
   * not an exception). Keeps to the peer's rate limits by itself. Throws `RequestError`, or the signal's reason.
   */
  request<K extends RequestKind>(peer: PeerId, kind: K, body: RequestBody<K>, options?: { readonly signal?: AbortSignal | undefined; readonly timeout?: number | undefined }): Promise<ResponseBody<K>>;
  /** The one consumer of `block-header`. It is called with decoded messages only; its verdict goes to gossipsub. */
  onAnnouncement(listener: (from: PeerId, message: BlockHeaderMessage) => Promise<GossipVerdict>): () => void;
  report(peer: PeerId, report: PeerReport): void;
  /** Takes back what a `lie` of this code has led to: the peer may be connected again, and nothing of it stays. A ban for something else stays. */
  pardon(peer: PeerId, code: string): void;
  /** Closes the connection without blame. */
  disconnect(peer: PeerId, reason: string): void;
}
