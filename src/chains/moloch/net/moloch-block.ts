import type { Item } from '../../../engine/sync/sync-chain.ts';
import { blockHash } from '../chain/hash.ts';
import type { MolochEvent } from '../wire/event.ts';
import type { MolochHeader } from '../wire/header.ts';
import type { FinalitySignature } from '../wire/trusted-header.ts';

/** A block as the client handles it. */
export interface MolochBlock {
  readonly header: MolochHeader;
  /** Undefined: only the header was asked for. */
  readonly events: readonly MolochEvent[] | undefined;
  /** Of the validators, as they came; none of them is checked. */
  readonly signatures: readonly FinalitySignature[];
}

/** Signatures of validators for a block that may be known or not: one vote, or all of them. */
export interface MolochVotes {
  readonly hash: string;
  readonly height: number;
  readonly signatures: readonly FinalitySignature[];
}

/** @param size Bytes that it took on the line. */
export function itemOf(block: MolochBlock, size: number): Item<MolochBlock> {
  const { header } = block;
  return { height: header.height, id: blockHash(header), parent: header.parent, size, block };
}
