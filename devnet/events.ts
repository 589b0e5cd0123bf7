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
  /** The faults it has now, by name. */
  readonly faults: readonly string[];
  /** What it makes of those who joined it. */
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

interface BlockFacts {
  readonly height: number;
  readonly hash: Hash;
  readonly type: BlockKind;
}

/** Where and with whom an event happened. `peer` is the devnet peer's index, `remote` the other side's peer id. */
interface Contact {
  readonly peer: number;
  readonly remote: string;
}

/**
 * What the network saw, in the order in which it saw it. One object per event, one JSON line each on the command line, so that a
 * test can judge a client from outside. Times are left out on purpose: no test may depend on them.
 */
export type DevnetEvent =
  | { readonly event: 'started'; readonly network: string; readonly genesisHash: Hash; readonly head: BlockFacts; readonly peers: readonly PeerInfo[]; readonly relay?: RelayInfo; readonly seed: string }
  /** `side`: on a branch that does not win (yet). */
  | ({ readonly event: 'block'; readonly version: number; readonly parentHash: Hash; readonly side?: true } & BlockFacts)
  /** The branch changed: `blocks` are no longer on the main chain, `adopted` are there now; both ascending. */
  | { readonly event: 'reverted'; readonly blocks: readonly BlockFacts[]; readonly adopted: readonly BlockFacts[] }
  /** Production waits: the chain is this many milliseconds ahead of the clock. */
  | { readonly event: 'waiting'; readonly ahead: number }
  | { readonly event: 'until-reached'; readonly height: number }
  /** `to`: the peers it was sent to directly. Told only when there are any, or when a fault concerns it. */
  | ({ readonly event: 'announced'; readonly peer: number; readonly to: readonly string[]; readonly fault?: string } & BlockFacts)
  /** A zero-knowledge proof went out on its topic; `height` is the block number in the message. */
  | { readonly event: 'proof-announced'; readonly peer: number; readonly height: number; readonly to: readonly string[] }
  | ({ readonly event: 'withheld' } & BlockFacts)
  /** A fault took effect: the peer now has `hash` at `height`, where the honest chain has `instead`. */
  | { readonly event: 'faulty-block'; readonly peer: number; readonly fault: string; readonly height: number; readonly hash: Hash; readonly instead: Hash | undefined }
  | ({ readonly event: 'connection-open' | 'connection-close'; readonly connection: string; readonly direction: 'inbound' | 'outbound'; readonly code?: string } & Contact)
  | ({ readonly event: 'joined'; readonly services: number; readonly address: string } & Contact)
  | ({ readonly event: 'left'; readonly reason: string } & Contact)
  /** The peer has found out whether the client is in sync, from its answer or its announcement: then it is live. `height` is what the client named. */
  | ({ readonly event: 'checked'; readonly by: CheckKind; readonly live: boolean; readonly height?: number } & Contact)
  /** The peer has closed its connections with the client. `reason`: the kind of the request and the error, as `head:no-receiver`, or what was wrong in discovery or with pings. */
  | ({ readonly event: 'expelled'; readonly reason: string } & Contact)
  /**
   * A request and what was answered. `body` has hashes as hex: `locators`, `targetHash`, `hash`. `outcome`: `ok`, `outdated` (zkp), the name of the
   * error answered, or what a fault did (`stall`, `garbage`, ...). `blocks` are the heights of the blocks in the answer.
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
  /** Something on a gossip topic reached the peer from outside. */
  | { readonly event: 'gossip'; readonly peer: number; readonly from: string; readonly topic: string; readonly bytes: number }
  /** It was more than the peer takes. */
  | { readonly event: 'gossip-dropped'; readonly peer: number; readonly from: string; readonly topic: string }
  | { readonly event: 'peer-stopped' | 'peer-started'; readonly peer: number; readonly id: string }
  /** Somebody asked the relay for a place at which others reach him. */
  | { readonly event: 'relay-reservation'; readonly remote: string }
  /** Somebody asked the relay for a connection with somebody who has a place there. */
  | { readonly event: 'relay-connection'; readonly from: string; readonly to: string }
  | { readonly event: 'relay-stopped' | 'relay-started'; readonly id: string }
  | { readonly event: 'done'; readonly id?: unknown; readonly do: string; readonly result?: unknown }
  | { readonly event: 'error'; readonly id?: unknown; readonly do?: string; readonly code: string; readonly message: string };

/** Event of one name. */
export type EventOf<Name extends DevnetEvent['event']> = Extract<DevnetEvent, { event: Name }>;
