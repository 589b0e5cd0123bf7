/**
 * What a chain's client tells its pages: plain, clonable values. Heights are numbers, hashes lower-case hex, times unix milliseconds,
 * durations milliseconds.
 * @module
 */

import type { LogCode, NoticeCode } from '../base/log-codes.ts';
import type { ReasonCode } from './reason-codes.ts';
import type { Anchor, CheckedCounts, Finality, TrustLevel } from './trust.ts';

/** What only one chain has. The page tells by the chain's name what the rest is. */
export interface ChainDetails {
  /** As in `ChainDriver`. */
  readonly chain: string;
}

export interface HeadView {
  readonly height: number;
  readonly hash: string;
  readonly timestamp: number;
  readonly trust: TrustLevel;
  readonly finality: Finality;
  readonly details: ChainDetails;
}

export interface Head {
  /**
   * False as long as both are the genesis block, which comes with the release, and no consensus of peers says that it is the newest block:
   * then nothing is known of the network.
   */
  readonly known: boolean;
  readonly latest: HeadView;
  readonly final: HeadView;
}

/** How far the head is verified, and what that rests on. `level` is computed from the other fields. */
export interface TrustRecord {
  readonly level: TrustLevel;
  readonly anchor: Anchor;
  /** All witnesses of the anchor are known only by host names or IPv6 addresses, of which one person can have many. */
  readonly onlyNames: boolean;
  /** What was checked since the anchor. */
  readonly checked: CheckedCounts;
  /** The verification of the past that will raise the level; undefined if nothing is left to prove, or nothing runs. */
  readonly proof: ProofView | undefined;
}

/** The state of the verification of the past. Comes with every `trust` event: once per batch, at most some two per second. */
export interface ProofView {
  /** `waiting`: no peer has what it needs now; it retries by itself. */
  readonly state: 'running' | 'waiting';
  /** The level that it earns when it is finished. */
  readonly toward: 'pinned' | 'proven';
  /** Epochs verified, those of earlier sessions included, and epochs to verify in all. */
  readonly done: number;
  readonly total: number;
  readonly unit: 'epochs';
  /** Epochs per second over the last ten seconds; undefined until measured and while waiting. */
  readonly rate: number | undefined;
  /** Milliseconds; undefined without a rate. */
  readonly timeLeft: number | undefined;
  /** What it has verified so far; added to the record's `checked` when it is finished. */
  readonly checked: CheckedCounts;
}

export type Phase = 'starting' | 'connecting' | 'catch-up' | 'live-sync' | 'established' | /** The client follows the head, but it has not moved for longer than the network needs. */ 'stale' | 'waiting' | 'stopped' | 'failed';

export interface Progress {
  /** In the unit of the phase: peers (connecting), epochs (catch-up), blocks (live-sync). */
  readonly done: number;
  readonly total: number;
  readonly unit: 'peers' | 'epochs' | 'blocks';
  /** Per second; undefined until measured. */
  readonly rate: number | undefined;
  readonly timeLeft: number | undefined;
}

/** What this client serves to other Petrel clients, and how they reach it. Counted since the hub started. */
export interface SharingView {
  /** Bytes of answers and headers sent to other Petrel clients. */
  readonly uploaded: number;
  /** Bytes that may be sent within an hour; 0: nothing is served. */
  readonly uploadCap: number;
  /** Set if peers do not say whether they are nodes or Petrel clients: `uploaded` and `uploadCap` are of all of them. */
  readonly anyPeer?: true | undefined;
  /** Set if the client of this chain gives nothing to anybody, whatever the settings say. */
  readonly never?: true | undefined;
  /** Bytes of answers sent to nodes of the network, and the limit within an hour. */
  readonly toNodes: { readonly bytes: number; readonly cap: number };
  /** Peer connections (WebRTC) of all pages: open now, made so far, and the most that one page may make. */
  readonly rtc: { readonly open: number; readonly made: number; readonly limit: number };
  /** Bytes that went through relays, and the limit within an hour. */
  readonly relay: { readonly bytes: number; readonly cap: number };
  /** Multiaddresses at which other browsers reach this client through relays; empty while there is no relay. */
  readonly addresses: readonly string[];
}

/** The view of a client that shares nothing. */
export const noSharing: SharingView = { uploaded: 0, uploadCap: 0, toNodes: { bytes: 0, cap: 0 }, rtc: { open: 0, made: 0, limit: 0 }, relay: { bytes: 0, cap: 0 }, addresses: [] };

export interface PeerView {
  readonly id: string;
  readonly address: string;
  readonly transport: 'ws' | 'wss' | 'http' | 'https' | 'webrtc';
  /** A node of the network, or another Petrel client. */
  readonly kind: 'node' | 'petrel';
  readonly state: 'connecting' | 'connected' | 'live' | 'outdated' | 'incompatible' | 'behind' | 'ahead' | /** It broke a rule that other peers broke too, so the error may be this client's. */ 'aside' | 'banned' | 'down';
  readonly height: number | undefined;
  /** Milliseconds that the last answer took. */
  readonly latency: number | undefined;
  /** Bytes of its answers and gossip since it joined, measured without compression and encryption. */
  readonly received: number;
  readonly score: number;
  readonly reason: { readonly code: string; readonly data: Readonly<Record<string, string | number>> } | undefined;
  /** Unix milliseconds at which a ban ends, where the chain's client tells it. */
  readonly bannedUntil?: number | undefined;
}

export interface BlockView extends HeadView {
  /**
   * `chain`: part of the chain. `reverted`: verified, but another branch won. `unlinked`: a peer delivered a block with this hash, but no
   * verified block links to it; its trust is `claimed`.
   */
  readonly place: 'chain' | 'reverted' | 'unlinked';
  /**
   * Height of the election block, or of the newest macro block, from which hashes lead down to this block; undefined if this client holds
   * the block itself, or if it is unlinked.
   */
  readonly linkedFrom: number | undefined;
  readonly parentHash: string;
  /** The block as the network serves it, without its body; empty if this client holds only a part of it. */
  readonly bytes: Uint8Array;
}

export interface HeadEvent {
  readonly head: Head;
  /** Ascending. `adopted` ends with the new head. */
  readonly adopted: readonly HeadView[];
  readonly reverted: readonly HeadView[];
  /** True if this tab was too slow and blocks were left out: `head` is right, but `adopted` and `reverted` are empty. */
  readonly gap?: true;
}

/** An event. The app makes the text from the code. */
interface Told<Code> {
  readonly time: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly code: Code;
  readonly data: Readonly<Record<string, string | number>>;
}

/** A message that the user should see. */
export type Notice = Told<NoticeCode>;

export interface LogEntry extends Told<LogCode> {
  readonly area: 'hub' | 'network' | 'peers' | 'sync' | 'chain' | 'storage' | 'verify';
}

/** The network that the client follows. */
export interface NetworkView {
  readonly name: string;
  readonly genesisHash: string;
  readonly genesisHeight: number;
  /** Its parameters say that it is for development. */
  readonly development: boolean;
  readonly details: ChainDetails;
}

/** The state of a chain's client. The hub adds what it knows of its host and of its verifiers (`Status` of `bridge/contract.ts`). */
export interface ClientStatus {
  readonly network: NetworkView;
  readonly phase: Phase;
  readonly consensus: 'established' | 'lost' | 'connecting';
  readonly progress: Progress | undefined;
  readonly peers: { readonly connected: number; readonly live: number; readonly wanted: number };
  readonly storage: { readonly kind: 'indexeddb' | 'memory'; readonly bytes: number; /** Storage limit in bytes. */ readonly cap: number };
  readonly sharing: SharingView;
  /**
   * Why the client is not live: shown at once if the cause is certain, else after ten seconds. Undefined while the client is live, and
   * after it was stopped.
   */
  readonly reason: { readonly code: ReasonCode; readonly data: Readonly<Record<string, string | number>> } | undefined;
}

/** The events of a chain's client. */
export interface ChainClientEvents {
  status: ClientStatus;
  head: HeadEvent;
  peers: readonly PeerView[];
  trust: TrustRecord;
  notice: Notice;
  log: LogEntry;
}
