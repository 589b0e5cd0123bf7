/**
 * Headers of epoch 2.x, linked backwards by hash from the parent of the first Nakamoto block (Stacks reference, 11). Only hashes are certain: the consensus hash
 * of the newest header is bound by that block's parent id, those of older ones are a gateway's claim, checked against the id that the gateway tells for them.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { decodeEpoch2Header, type Epoch2Header } from '../wire/epoch2-header.ts';
import { StacksWireError } from '../wire/wire-error.ts';
import { epoch2BlockHash, epoch2BlockId } from './hash.ts';

/** Milliseconds for which a source is not asked after a failure (Stacks reference, 11). */
export const BAN_TIME = 300_000;
/** Headers in one reply at most: those of a cycle of the main network. */
const MAX_PAGE = 2100;
/** Sources whose bans are remembered; at the bound the oldest ban ends. */
const MAX_BANS = 128;

/** One entry of `/v2/headers`, newest first. */
export interface ClaimedHeader {
  readonly consensusHash: string;
  /** 247 bytes. */
  readonly header: Uint8Array;
  /** The id of the parent, as the gateway says. */
  readonly parentBlockId: Hash;
}

export interface LinkedHeader {
  readonly header: Epoch2Header;
  readonly hash: Hash;
  readonly consensusHash: string;
}

/** `undecodable`: the bytes are no header. `link`: it is not the parent of the one before. `work`: its height is not one less. `too-many`: above a page. */
export type BackfillFault = 'undecodable' | 'link' | 'work' | 'too-many';

export class Epoch2Backfill {
  /** Newest first. */
  readonly #headers: LinkedHeader[] = [];
  readonly #top: Hash;
  /** The id of the next header, and its hash where the header above is there. */
  #nextId: Hash;
  #nextHash: Hash | undefined;
  readonly #bannedUntil = new Map<string, number>();

  /** `parentOfNakamoto`: the parent id of the first Nakamoto block. */
  constructor(parentOfNakamoto: Hash) {
    this.#top = parentOfNakamoto;
    this.#nextId = parentOfNakamoto;
  }

  /** The id that `/v2/headers` is asked with as tip. */
  get nextId(): Hash {
    return this.#nextId;
  }

  get headers(): readonly LinkedHeader[] {
    return this.#headers;
  }

  /** Forgets the headers; bans stay. For another source: the next id is the claim of the one before. */
  restart(): void {
    this.#headers.length = 0;
    this.#nextId = this.#top;
    this.#nextHash = undefined;
  }

  /** Takes a page. The headers up to the first wrong one are kept; its source is banned for 300 s. How many were taken, and the fault. */
  take(source: string, page: readonly ClaimedHeader[], now: number): { readonly taken: number; readonly fault?: BackfillFault } {
    if (page.length > MAX_PAGE) return { taken: 0, fault: this.#ban(source, 'too-many', now) };
    for (const [taken, claimed] of page.entries()) {
      const linked = this.#link(claimed);
      if (typeof linked === 'string') return { taken, fault: this.#ban(source, linked, now) };
      this.#headers.push(linked);
      this.#nextId = claimed.parentBlockId;
      this.#nextHash = linked.header.parent;
    }
    return { taken: page.length };
  }

  /** A source that did not answer, or not in the form of the endpoint. */
  fail(source: string, now: number): void {
    this.#ban(source, 'undecodable', now);
  }

  mayAsk(source: string, now: number): boolean {
    return now >= (this.#bannedUntil.get(source) ?? -Infinity);
  }

  #link({ header: bytes, consensusHash }: ClaimedHeader): LinkedHeader | BackfillFault {
    if (!/^[0-9a-f]{40}$/u.test(consensusHash)) return 'undecodable';
    const header = decoded(bytes);
    if (!header) return 'undecodable';
    const hash = epoch2BlockHash(header);
    if (epoch2BlockId(header, consensusHash) !== this.#nextId || (this.#nextHash !== undefined && hash !== this.#nextHash)) return 'link';
    const above = this.#headers.at(-1);
    if (above && header.work + 1 !== above.header.work) return 'work';
    return { header, hash, consensusHash };
  }

  #ban(source: string, fault: BackfillFault, now: number): BackfillFault {
    this.#bannedUntil.delete(source);
    this.#bannedUntil.set(source, now + BAN_TIME);
    if (this.#bannedUntil.size > MAX_BANS) this.#bannedUntil.delete(this.#bannedUntil.keys().next().value!);
    return fault;
  }
}

function decoded(bytes: Uint8Array): Epoch2Header | undefined {
  try {
    return decodeEpoch2Header(bytes);
  } catch (error) {
    if (error instanceof StacksWireError) return undefined;
    throw error;
  }
}
