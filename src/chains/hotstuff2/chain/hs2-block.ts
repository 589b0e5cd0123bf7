/**
 * A block as the engine handles it: decoded, hashed and measured once, with the certificate that came with it.
 * @module
 */
import type { Item } from '../../../engine/sync/sync-chain.ts';
import { decodeBlock, decodeHeaderOnly } from '../wire/block.ts';
import type { Block } from '../wire/block.ts';
import { decodeQc } from '../wire/qc.ts';
import type { Qc } from '../wire/qc.ts';
import { hashOf } from './hash.ts';

export interface Hs2Block extends Block {
  /** Undefined for genesis only. */
  readonly qc: Qc | undefined;
  /** As it came; empty for genesis. */
  readonly qcBytes: Uint8Array;
}

export type Hs2Item = Item<Hs2Block>;

/** A block with its payload. Throws `WireError`. `qcBytes`: empty if there is none. */
export function decodeItem(blockBytes: Uint8Array, qcBytes: Uint8Array): Hs2Item {
  return itemOf(decodeBlock(blockBytes), qcBytes);
}

/** A header of 223 bytes, without its payload. Throws `WireError`. */
export function decodeHeaderItem(headerBytes: Uint8Array, qcBytes: Uint8Array): Hs2Item {
  return itemOf(decodeHeaderOnly(headerBytes), qcBytes);
}

/** Throws `WireError` for a certificate that does not decode. */
export function itemOf(block: Block, qcBytes: Uint8Array): Hs2Item {
  const qc = qcBytes.length === 0 ? undefined : decodeQc(qcBytes);
  const { header, headerBytes, payload } = block;
  return {
    height: header.height,
    id: hashOf(headerBytes),
    parent: header.parent,
    size: headerBytes.length + (payload?.length ?? 0) + qcBytes.length,
    block: { header, headerBytes, payload, qc, qcBytes },
  };
}
