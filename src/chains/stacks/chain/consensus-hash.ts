import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { hash160 } from '../../../crypto/hash160.ts';

/** What the consensus hash of a sortition is made of. */
export interface ConsensusHashParts {
  /** Of the Bitcoin block: 64 hex digits. */
  readonly burnHeaderHash: string;
  /** Over every Stacks operation in the Bitcoin block: 64 hex digits. No endpoint serves it, so that a light client cannot claim Bitcoin anchoring. */
  readonly opsHash: string;
  /** Satoshis burnt so far. */
  readonly totalBurn: bigint;
  /** ASCII 0 and 1, one for each reward cycle. */
  readonly poxId: string;
}

const MAGIC = Uint8Array.of(0x17, 0, 0, 0);

/**
 * The consensus hash of the sortition at `height` (counted from the first burn height): hash160 of 17000000, burn header hash, operations hash, total burn,
 * PoX id, and the consensus hashes at distance 1, 2, 4, 8.. (Stacks reference, 5). 40 hex digits. `earlier`: the consensus hash of a lower height.
 */
export function consensusHashOf({ burnHeaderHash, opsHash, totalBurn, poxId }: ConsensusHashParts, height: number, earlier: (height: number) => string): string {
  const burn = new Uint8Array(8);
  new DataView(burn.buffer).setBigUint64(0, totalBurn);
  const back: Uint8Array[] = [];
  for (let distance = 1; distance <= height; distance *= 2) back.push(fromHex(earlier(height - distance)));
  return toHex(hash160(concatBytes(MAGIC, fromHex(burnHeaderHash), fromHex(opsHash), burn, new TextEncoder().encode(poxId), ...back)));
}
