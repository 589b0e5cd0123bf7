/**
 * A peer as the sync uses it. The chain's own connection implements it.
 * @module
 */

import { CodedError, type ErrorData } from '../../base/coded-error.ts';
import type { Item, Target } from './sync-chain.ts';

/** What a peer says of itself; nothing of it is proven. */
export interface PeerClaims {
  readonly height: number;
  /** The greatest height that it claims to be able to prove to be final; undefined: `height`. Of chains whose newest blocks are not final yet. */
  readonly final?: number | undefined;
  /** The lowest height that it serves. */
  readonly earliest: number;
  /** The height of its newest snapshot; undefined: it has none. */
  readonly snapshot: number | undefined;
}

/** `size`: bytes on the line. */
export interface Sized<T> {
  readonly value: T;
  readonly size: number;
}

export interface AskOptions {
  readonly signal: AbortSignal;
}

/**
 * Every method rejects with `RequestError` (`timeout`, `disconnected`, `refused`, …), `PeerFault`, or the signal's reason. The chain's codec has
 * checked that the answer is what was asked for.
 */
export interface SyncPeer<B> {
  readonly id: string;
  readonly address: string;
  readonly claims: PeerClaims;
  /** Blocks from `from` on, ascending without a gap: at least one and at most `count`. With `headersOnly` they have no payload. */
  getBlocks(from: number, count: number, options: AskOptions & { readonly headersOnly: boolean }): Promise<Sized<readonly Item<B>[]>>;
  /** The newest height that it can prove to be final, after the proof was checked. `atLeast`: a lower one is of no use. */
  proveTarget(atLeast: number, options: AskOptions): Promise<Target>;
  /** The manifest of the snapshot at this height; undefined: of its newest. */
  getManifest(height: number | undefined, options: AskOptions): Promise<Sized<Uint8Array>>;
  getChunk(snapshotHeight: number, index: number, options: AskOptions): Promise<Sized<Uint8Array>>;
}

/** A peer's answer broke a rule: `weight` as in `Fault`. `data` is the evidence. */
export class PeerFault extends CodedError {
  override readonly name = 'PeerFault';
  readonly weight: 'lie' | 'offence';
  constructor(code: string, weight: 'lie' | 'offence', data?: ErrorData) {
    super(code, code, data);
    this.weight = weight;
  }
}
