import { fromHex } from '../../../src/base/bytes.ts';
import { decodeItem } from '../../../src/chains/hotstuff2/chain/hs2-block.ts';
import type { Hs2Item } from '../../../src/chains/hotstuff2/chain/hs2-block.ts';
import type { TreeRoot } from '../../../src/chains/hotstuff2/chain/block-tree.ts';
import { pinnedStanding } from '../../../src/chains/hotstuff2/chain/hand-over.ts';
import { decodeValidatorSet } from '../../../src/chains/hotstuff2/wire/validator-set.ts';
import type { VectorBlock } from './vectors.ts';

export const itemOfVector = ({ header, payload, qc }: VectorBlock): Hs2Item => decodeItem(fromHex(header + payload), fromHex(qc ?? ''));

export const setOfBytes = (hex: string) => decodeValidatorSet(fromHex(hex));

/** A block as the pinned root of a tree. */
export const rootOf = ({ id, block }: Hs2Item): TreeRoot => ({ id, header: block.header, standing: pinnedStanding(block.header), proof: block.headerBytes });
