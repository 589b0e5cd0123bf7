import type { Hash } from '../../../base/hash.ts';
import { blockId, epoch2BlockId } from '../chain/hash.ts';
import { decodeEpoch2Header } from '../wire/epoch2-header.ts';
import { decodeHeader } from '../wire/header.ts';

/** A header that a MARF proof passes: of Nakamoto, or of epoch 2.x with the consensus hash of its sortition, which is part of the id. */
export interface PassedHeader {
  readonly bytes: Uint8Array;
  /** 40 hex digits, of epoch 2.x only. */
  readonly consensusHash?: string | undefined;
}

/** Id and state root of a header. Throws `StacksWireError`. */
export function idAndRootOf({ bytes, consensusHash }: PassedHeader): { readonly id: Hash; readonly stateRoot: Hash } {
  if (consensusHash === undefined) {
    const header = decodeHeader(bytes);
    return { id: blockId(header), stateRoot: header.stateRoot };
  }
  const header = decodeEpoch2Header(bytes);
  return { id: epoch2BlockId(header, consensusHash), stateRoot: header.stateRoot };
}
