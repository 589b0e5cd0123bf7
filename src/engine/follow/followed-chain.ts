/**
 * What a chain brings so that one client (`follow-client.ts`) can dial its nodes, sync by the sync manager, and follow it live. The chain owns its
 * rules, its store and its codec; the client owns connections, bans, the order of work, and what pages are told.
 * @module
 */

import type { Clock } from '../../base/clock.ts';
import type { Emitter } from '../../base/emitter.ts';
import type { Random } from '../../base/random.ts';
import type { ClientLog } from '../client-log.ts';
import type { Attention } from '../live/attention.ts';
import type { DialRefusal } from '../peers/dial-refusal.ts';
import type { KeptBan } from '../peers/peer-book.ts';
import type { RememberedPeer } from '../peers/remembered-peers.ts';
import type { Settings } from '../settings.ts';
import type { ChooseStrategy } from '../sync/choose-strategy.ts';
import type { PlanOf } from '../sync/strategy-plan.ts';
import type { AskOptions, PeerClaims, SyncPeer } from '../sync/sync-peer.ts';
import type { ChunkStore, Fault, Item, SyncChain, Tip } from '../sync/sync-chain.ts';
import type { SyncConfig } from '../sync/sync-config.ts';
import type { BlockView, ChainClientEvents, HeadView, NetworkView, SharingView, TrustRecord } from '../view.ts';

/** What came of a block or a proof that a peer announced, or that was fetched. */
export type Outcome<B> = (
  /** Nothing new. */
  | { readonly kind: 'known' }
  /** The head has moved, or more is final. `adopted` and `reverted` ascend; both may be empty. */
  | { readonly kind: 'adopted'; readonly adopted: readonly Item<B>[]; readonly reverted: readonly Item<B>[] }
  /**
   * Blocks from this height on are missing before it; they are fetched from the peer, given to `push`, and then it is given again. If it is still a
   * gap (its branch begins lower), and the peer proves a final height above ours, the sync replaces what is not final.
   */
  | { readonly kind: 'gap'; readonly from: number }
  /** Kept and not decided: its time is ahead of this device's clock, or its votes are missing. The chain takes it up with the next block or proof. */
  | { readonly kind: 'held' }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** It and a block of ours are both final, or both certified, and exclude each other: the client stands still and shows both proofs. */
  | ({ readonly kind: 'halted' } & Halt)
) & {
  /** How blocks that had waited moved the head before it came to this; never with `adopted`, which has them. */
  readonly earlier?: { readonly adopted: readonly Item<B>[]; readonly reverted: readonly Item<B>[] } | undefined;
};

/** `F`: what proves to this chain that a block is final. */
export type Announcement<B, F> = { readonly kind: 'block'; readonly item: Item<B> } | { readonly kind: 'final'; readonly proof: F };

/** Why a chain stands still: two proofs that exclude each other, and the height at which they do; or what `reason` says. */
export interface Halt {
  readonly height: number;
  /**
   * - `state-root`: the final block of this height names another state root than is computed here. Evidence: the block, and the computed root.
   * - `no-participation`: the state after the final block of this height names no signers for what comes next. Evidence: the block, and the proof of that value.
   */
  readonly reason?: 'state-root' | 'no-participation' | undefined;
  readonly evidence: readonly [Uint8Array, Uint8Array];
}

/** A connection whose handshake is done. Its `claims` are those that the peer made last. */
export interface ChainPeer<B> extends SyncPeer<B> {
  readonly transport: 'ws' | 'wss' | 'http' | 'https';
  /** Milliseconds that its last answer took. */
  readonly latency: number | undefined;
  /** Bytes that it has sent. */
  readonly received: number;
  /** `code` is the chain's own word for the peer, where its protocol has one; see `PeerHandlers.closed`. */
  close(code?: string): void;
}

export interface PeerHandlers<B, F> {
  readonly announced: (announcement: Announcement<B, F>) => void;
  /** The peer's `claims` have changed. */
  readonly claims: (claims: PeerClaims) => void;
  /** A frame that broke a rule of the protocol, after the handshake. The client counts it, and closes and bans. */
  readonly fault: (fault: Fault) => void;
  /** The connection ended, also by our `close`; `code` says why, if the peer said so. Called once. */
  readonly closed: (code: string | undefined) => void;
}

export interface FollowedChain<B, F> extends SyncChain<B> {
  readonly network: NetworkView;
  /** As in `SyncChain`: the newest final block. */
  tip(): Tip;
  /** The newest block, final or not. */
  head(): Tip;
  /** What a page is told of a block that the chain holds. */
  view(tip: Tip): HeadView;
  trust(): TrustRecord;
  /** Why it stands still, also after a restart; undefined: it does not. Asked at the start, when a sync ends, and when a peer announces something. */
  halted?(): Halt | undefined;
  /** Reads a block as the chain's nodes send it, with what certifies it, for `verifyBlockChain`. Throws a coded error. */
  decodeItem?(bytes: Uint8Array): Item<B>;
  /** Takes a block that a peer announced or sent, with what certifies it. Verifies it wholly. */
  push(item: Item<B>, signal: AbortSignal): Promise<Outcome<B>>;
  /** Takes a proof that a block is final. */
  finalize(proof: F, signal: AbortSignal): Promise<Outcome<B>>;
  /** What it gives to its peers. Undefined: nothing. */
  sharing?(): SharingView;
  /** A block that it holds, by height or id. */
  block(key: number | string): Promise<BlockView | undefined>;
  /** A block that only a peer has, by height or id, after hashes bound it to a final block. */
  fetchBlock?(key: number | string, peers: readonly ChainPeer<B>[], options: AskOptions): Promise<BlockView | undefined>;
  /** Questions of the chain's own, by name. Throw `QuestionError`. */
  readonly questions: Readonly<Record<string, (args: readonly unknown[], context: { readonly peers: readonly ChainPeer<B>[]; readonly signal: AbortSignal }) => Promise<unknown>>>;
  /** How much pages look at the client, when that changes; before the first time, some page does. For a chain that polls its peers. */
  attention?(attention: Attention): void;
  /**
   * Dials an address and shakes hands. Rejects with a coded error: `refused`, `timeout`, `other-network`, `other-version`, `clock`, … A `PeerFault` counts
   * against the address, as a broken rule does against a connected peer.
   */
  connect(address: string, handlers: PeerHandlers<B, F>, options: AskOptions & { readonly random: Random }): Promise<ChainPeer<B>>;
  readonly store: {
    readonly kind: 'indexeddb' | 'memory';
    /** Bytes that are stored. */
    readonly bytes: number;
    readonly chunks: ChunkStore;
    /** What is kept of peers over a restart: who is banned and why, and who served well. `known`: as it was stored. Undefined: nothing is kept. */
    readonly peers?:
      | {
          readonly known: { readonly bans: readonly KeptBan[]; readonly peers: readonly RememberedPeer[] };
          keepBans(bans: readonly KeptBan[]): Promise<void>;
          keepPeers(peers: readonly RememberedPeer[]): Promise<void>;
        }
      | undefined;
    /** Deletes everything, also what is kept of peers, the chunks and what made it stand still, and puts the chain back to its genesis. */
    wipe(): Promise<void>;
    /**
     * After a wipe: the database could not be reached. `marked`: it is emptied before it is used again, also after a reload; `later`: only if this client is
     * the one that reaches it. Undefined: it was wiped.
     */
    readonly wipeOwed?: 'marked' | 'later' | undefined;
    /** Waits for what is being written. */
    flush(): Promise<void>;
    close(): Promise<void>;
  };
  /** The chain in one piece. */
  exportSnapshot(): Uint8Array;
  /** Verifies and takes it. Throws a coded error: `not-newer`, `not-linked`, `refused`, `damaged`. */
  importSnapshot(bytes: Uint8Array, signal: AbortSignal): Promise<Outcome<B>>;
}

/** What the client is started with, besides its chain. */
export interface FollowOptions {
  /** The addresses that are dialled. */
  readonly seeds: readonly string[];
  readonly sync: SyncConfig;
  /** Milliseconds between two blocks at most, while the network makes blocks; undefined: it may rest. */
  readonly blockTime: number | undefined;
  /** Made by `followLog`, as `events` is. */
  readonly log: ClientLog;
  readonly events: Emitter<ChainClientEvents>;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Pick<Settings, 'desiredPeers' | 'maxPeers' | 'minPeers' | 'staleBlocks' | 'storageCap'>;
  /** Why an address is never dialled; undefined: it can be. `network/framed/web-socket-url.ts` has it for WebSockets. */
  readonly refusal: (address: string) => DialRefusal | undefined;
  /** Goes back to the database, for a chain that works in memory: a `StoreReturn` (`storage/store-return.ts`). Undefined: it stays in memory. */
  readonly returning?: { begin(now?: boolean): void; stop(): Promise<void> } | undefined;
  /** How the chain's own documents choose a strategy, and what they mean by each. Default: those of the engine. */
  readonly choose?: ChooseStrategy | undefined;
  readonly plans?: PlanOf | undefined;
  /** Blocks are fetched without payload, and no state is computed. Default false. */
  readonly headersOnly?: boolean | undefined;
}
