import { CodedError } from '../../base/coded-error.ts';

/** The libp2p peer id in its text form. */
export type PeerId = string;

/** A peer whose handshake is done. A snapshot. */
export interface NodePeer {
  readonly id: PeerId;
  /** Bits of the chain's own, from the peer's own contact; for a Petrel client, those it states to other Petrel clients. */
  readonly services: number;
  /** Peers of the same subnet count as one witness, see `subnetOf`. */
  readonly subnet: string;
  /** Multiaddress of the connection, without `/p2p`; that of another browser includes its own id. */
  readonly address: string;
  readonly transport: 'ws' | 'wss' | 'webrtc';
  /** A node of the network, or another Petrel client. A Petrel client may serve what it has verified, but never counts as a witness. */
  readonly kind: 'node' | 'petrel';
  readonly direction: 'inbound' | 'outbound';
  /** Unix milliseconds. */
  readonly joinedAt: number;
  /** Unix milliseconds, by the peer's clock: when it signed its contact, a minute or two before it joined. */
  readonly signedAt: number;
  /** Milliseconds the last answered request took; undefined before the first. */
  readonly latency: number | undefined;
  /** Bytes of its answers and gossip. */
  readonly received: number;
}

export type GossipVerdict = 'accept' | 'ignore' | 'reject';

/** What the rule that counts witnesses must know of the sender of a lie. */
export interface LieSender {
  /** See `NodePeer`. */
  readonly subnet: string;
  readonly witness: boolean;
}

/**
 * What the sync reports about a peer. `lie` bans; the others only change its score. `overtaken`: it was silent until a peer that was asked
 * later had answered. `late`: then it gave the right answer too, which undoes `overtaken`.
 */
export type PeerReport =
  | { readonly kind: 'useful'; readonly bytes: number }
  | { readonly kind: 'timeout' | 'overtaken' | 'late' }
  | { readonly kind: 'useless'; readonly code: string; readonly evidence?: Readonly<Record<string, string | number>> | undefined }
  | {
      readonly kind: 'lie';
      readonly code: string;
      /** The proof of the lie: hashes, heights, rule. Clonable and small. */
      readonly evidence: Readonly<Record<string, string | number>>;
      /**
       * Set if it was found while the past was verified: the name of the way to do so. It says nothing about the rules for new blocks, so it raises no doubt about those rules,
       * only about the rules for the past.
       */
      readonly past?: string | undefined;
      /** Set if the lie may still turn out to be an error of ours. */
      readonly sender?: LieSender | undefined;
    };

export type RequestErrorCode = 'timeout' | 'disconnected' | 'no-receiver' | 'rate-limited' | 'malformed' | 'too-large' | 'refused' | 'busy';

/** A request that got no usable answer. `malformed` and `too-large` are the peer's fault, `busy` is our own bound. */
export class RequestError extends CodedError<RequestErrorCode> {
  override readonly name = 'RequestError';
}
