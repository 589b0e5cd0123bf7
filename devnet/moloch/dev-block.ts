import { fromHex } from '../../src/base/bytes.ts';
import { blockHash, eventId, ZERO_HASH } from '../../src/chains/moloch/chain/hash.ts';
import type { WireBlock } from '../../src/chains/moloch/wire/block.ts';
import type { MolochEvent } from '../../src/chains/moloch/wire/event.ts';
import { headerSigningBytes, type HeaderContent } from '../../src/chains/moloch/wire/header.ts';
import type { FinalitySignature } from '../../src/chains/moloch/wire/trusted-header.ts';
import type { DevKey } from './dev-key.ts';
import { eventsRootOf, rootOfPeaks, withLeaf, type Peak } from './dev-trees.ts';

/** A block as the local network holds it. */
export interface DevBlock {
  readonly height: number;
  readonly hash: string;
  readonly block: WireBlock;
  readonly eventIds: readonly string[];
  /** The peaks over all blocks up to this one. Their root is in the header of the next. */
  readonly peaks: readonly Peak[];
  /** Votes by the validators' keys, in the order in which they were cast. */
  readonly votes: Map<string, Uint8Array>;
}

export interface BlockParts {
  readonly sealer: DevKey;
  readonly sealerName: string | undefined;
  /** Unix milliseconds. */
  readonly time: number;
  readonly events: readonly MolochEvent[];
}

/** Makes and seals the block after `parent`, or a genesis. Nobody has voted for it. */
export function makeBlock(parent: DevBlock | undefined, { sealer, sealerName, time, events }: BlockParts): DevBlock {
  const eventIds = events.map(eventId);
  const content: HeaderContent = {
    height: parent === undefined ? 0 : parent.height + 1,
    parent: parent?.hash ?? ZERO_HASH,
    eventsRoot: eventsRootOf(eventIds),
    eventsCount: events.length,
    mmrRoot: rootOfPeaks(parent?.peaks ?? []),
    time,
    sealer: sealer.key,
    sealerName,
  };
  const hash = blockHash(content);
  return {
    height: content.height,
    hash,
    block: { header: { ...content, seal: sealer.sign(headerSigningBytes(content)) }, events },
    eventIds,
    peaks: withLeaf(parent?.peaks ?? [], hash),
    votes: new Map(),
  };
}

/** Adds the vote of a validator: its signature over the block's hash (Moloch reference, 2.8). Returns the signature. */
export function vote(block: DevBlock, validator: DevKey): FinalitySignature {
  const signature = validator.sign(fromHex(block.hash));
  block.votes.set(validator.key, signature);
  return { key: validator.key, signature };
}

export function signaturesOf({ votes }: DevBlock): readonly FinalitySignature[] {
  return Array.from(votes, ([key, signature]) => ({ key, signature }));
}
