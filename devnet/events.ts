import type { BlockKind } from '../src/chains/albatross/chain/block-kind.ts';
import type { Hash } from '../src/base/hash.ts';
import type { CheckKind, ClientCounts } from './syncer.ts';

/** A devnet peer as `started` and `info` list it. */
export interface PeerInfo {
  readonly peer: number;
  /** libp2p peer id. */
  readonly id: string;
  readonly port: number;
  /** Multiaddress without the peer id. */
  readonly address: string;
  readonly running: boolean;
  /** Names of its current faults. */
  readonly faults: readonly string[];
  /** The peer's clients, counted by standing. */
  readonly clients: ClientCounts;
}

/** The relay as `started` and `info` list it. */
export interface RelayInfo {
  /** libp2p peer id. */
  readonly id: string;
  readonly port: number;
  /** Multiaddress with the peer id. */
  readonly address: string;
  readonly running: boolean;
}

/** An account with money whose key everybody may know. ITS KEY IS PUBLIC OR FOLLOWS FROM THE SEED: it is for development only. */
export interface AccountInfo {
  /** As people read it: `NQ...`. */
  readonly address: string;
  /** Ed25519, 32 bytes as hex. */
  readonly privateKey: string;
  /** Luna at genesis. */
  readonly balance: number;
}

interface BlockFacts {
  readonly height: number;
  readonly hash: Hash;
  readonly type: BlockKind;
}

/** The place and the other side of an event. `peer` is the devnet peer's index, `remote` the other side's peer id. */
interface Contact {
  readonly peer: number;
  readonly remote: string;
}

/**
 * The events that the network saw, in order. Each is one object, and one JSON line on the command line, so that a test can judge a
 * client from outside. They have no timestamps, because no test may depend on time.
 */
export type DevnetEvent =
  | { readonly event: 'started'; readonly network: string; readonly genesisHash: Hash; readonly head: BlockFacts; readonly peers: readonly PeerInfo[]; readonly relay?: RelayInfo; readonly seed: string; readonly accounts: readonly AccountInfo[] }
  /** `side`: the block is on a branch that does not win (yet). */
  | ({ readonly event: 'block'; readonly version: number; readonly parentHash: Hash; readonly side?: true } & BlockFacts)
  /** The main chain switched branches: `blocks` left it and `adopted` joined it; both in ascending order. */
  | { readonly event: 'reverted'; readonly blocks: readonly BlockFacts[]; readonly adopted: readonly BlockFacts[] }
  /** Production waits, because the chain is this many milliseconds ahead of the clock. */
  | { readonly event: 'waiting'; readonly ahead: number }
  | { readonly event: 'until-reached'; readonly height: number }
  /** `to`: the peers that got the block directly. The event is emitted only when there are any, or when a fault changes the block. */
  | ({ readonly event: 'announced'; readonly peer: number; readonly to: readonly string[]; readonly fault?: string } & BlockFacts)
  /** The peer published a zero-knowledge proof on its topic; `height` is the block number in the message. */
  | { readonly event: 'proof-announced'; readonly peer: number; readonly height: number; readonly to: readonly string[] }
  | ({ readonly event: 'withheld' } & BlockFacts)
  /** A fault took effect: the peer now has `hash` at `height`, where the honest chain has `instead`. */
  | { readonly event: 'faulty-block'; readonly peer: number; readonly fault: string; readonly height: number; readonly hash: Hash; readonly instead: Hash | undefined }
  | ({ readonly event: 'connection-open' | 'connection-close'; readonly connection: string; readonly direction: 'inbound' | 'outbound'; readonly code?: string } & Contact)
  | ({ readonly event: 'joined'; readonly services: number; readonly address: string } & Contact)
  | ({ readonly event: 'left'; readonly reason: string } & Contact)
  /**
   * The peer decided whether the client is in sync (live), from its answer or its announcement. `height` is the height that the
   * client named.
   */
  | ({ readonly event: 'checked'; readonly by: CheckKind; readonly live: boolean; readonly height?: number } & Contact)
  /**
   * The peer closed its connections with the client. `reason`: the kind of the request and the error, for example
   * `head:no-receiver`, or what the client did wrong in discovery or with pings.
   */
  | ({ readonly event: 'expelled'; readonly reason: string } & Contact)
  /**
   * A request and its answer. `body` has hashes as hex: `locators`, `targetHash`, `hash`. `outcome`: `ok`, `outdated` (zkp), the
   * name of the error answered, or the effect of a fault (`stall`, `garbage`, ...). `blocks` are the heights of the blocks in the
   * answer.
   */
  | {
      readonly event: 'request';
      readonly peer: number;
      readonly from: string;
      readonly connection: string;
      readonly request: string;
      readonly kind: string;
      readonly body: unknown;
      readonly outcome: string;
      readonly blocks?: readonly number[];
    }
  | ({ readonly event: 'subscription'; readonly topic: string; readonly subscribed: boolean } & Contact)
  /** A client's message on a gossip topic reached the peer. */
  | { readonly event: 'gossip'; readonly peer: number; readonly from: string; readonly topic: string; readonly bytes: number }
  /** The message exceeded the peer's gossip limit. */
  | { readonly event: 'gossip-dropped'; readonly peer: number; readonly from: string; readonly topic: string }
  /** The message is not valid: a real node rejects it, which lowers the client's gossip score. `reason`: `malformed`, or see `HeaderFault`. */
  | { readonly event: 'gossip-refused'; readonly peer: number; readonly from: string; readonly topic: string; readonly reason: string; readonly hash?: Hash }
  /**
   * A transaction reached the peer by gossip. `outcome`: `accepted` into the mempool, `known`, `not-valid-now`, `unpayable`, `full`, `included`,
   * `forgotten` (a fault), or the code of the rule that it breaks.
   */
  | { readonly event: 'transaction'; readonly peer: number; readonly from: string; readonly hash: Hash; readonly outcome: string }
  /** The peer told a client about transactions of an address that the client subscribed to. */
  | { readonly event: 'notified'; readonly peer: number; readonly to: string; readonly receipts: readonly { readonly transactionHash: Hash; readonly blockNumber: number }[] }
  | { readonly event: 'peer-stopped' | 'peer-started'; readonly peer: number; readonly id: string }
  /** A client asked the relay for a reservation, so that others can reach it there. */
  | { readonly event: 'relay-reservation'; readonly remote: string }
  /** A client asked the relay for a connection with another client that has a reservation. */
  | { readonly event: 'relay-connection'; readonly from: string; readonly to: string }
  | { readonly event: 'relay-stopped' | 'relay-started'; readonly id: string }
  | { readonly event: 'done'; readonly id?: unknown; readonly do: string; readonly result?: unknown }
  | { readonly event: 'error'; readonly id?: unknown; readonly do?: string; readonly code: string; readonly message: string };

/** The event of one name. */
export type EventOf<Name extends DevnetEvent['event']> = Extract<DevnetEvent, { event: Name }>;
