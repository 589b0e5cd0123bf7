import type { Item } from '../../../engine/sync/sync-chain.ts';
import type { MolochEvent } from '../wire/event.ts';
import type { MolochHeader } from '../wire/header.ts';
import type { FinalitySignature, TrustedHeader } from '../wire/trusted-header.ts';
import { blockHash } from './hash.ts';

/** A block as the client handles it: what came in `Blocks` or `NewBlock`, and the signatures of `TrustedHeaders` or `Finalized`. */
export interface MolochBlock {
  readonly header: MolochHeader;
  /** Undefined where only headers were asked for. */
  readonly events: readonly MolochEvent[] | undefined;
  /** None yet for a block that is not final, and in profile `moloch.1`. */
  readonly signatures: readonly FinalitySignature[];
}

/** What makes a block final, without the block: `Finalized`, or one vote more. */
export interface Finalized {
  readonly hash: string;
  readonly height: number;
  readonly signatures: readonly FinalitySignature[];
}

/** `size`: bytes that it took on the line. */
export function itemOf(block: MolochBlock, size: number): Item<MolochBlock> {
  return { height: block.header.height, id: blockHash(block.header), parent: block.header.parent, size, block };
}

export function trustedHeaderOf({ header, signatures }: MolochBlock): TrustedHeader {
  return { header, signatures, mmrRoot: header.mmrRoot };
}
