/**
 * Hashes and names of blocks and transactions; H is SHA-512/256 (Stacks reference, 1 and 11).
 * @module
 */
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { sha512_256 } from '../../../crypto/sha512-256.ts';
import { encodeEpoch2Header, type Epoch2Header } from '../wire/epoch2-header.ts';
import { minerPreimage, signerPreimage, type NakamotoHeader } from '../wire/header.ts';

/** What the miner signs: H(first 141 bytes, PoX treatment, problematic transactions of version 1). 32 bytes. */
export function minerHash(header: NakamotoHeader): Uint8Array {
  return sha512_256(minerPreimage(header));
}

/** The block's hash, which is what the signers sign: the miner's signature is in it. 32 bytes. */
export function blockHash(header: NakamotoHeader): Uint8Array {
  return sha512_256(signerPreimage(header));
}

/** The block's id: H(block hash, consensus hash). */
export function blockId(header: NakamotoHeader): Hash {
  return idOf(blockHash(header), header.consensusHash);
}

/** H(block hash, consensus hash): `hash` 32 bytes, `consensusHash` 40 hex digits. */
export function idOf(hash: Uint8Array, consensusHash: string): Hash {
  return toHex(sha512_256(concatBytes(hash, fromHex(consensusHash))));
}

/** The hash of a block of epoch 2.x: H of the 247 bytes. */
export function epoch2BlockHash(header: Epoch2Header): Hash {
  return toHex(sha512_256(encodeEpoch2Header(header)));
}

/** The id of a block of epoch 2.x; the header does not hold the consensus hash of its sortition. */
export function epoch2BlockId(header: Epoch2Header, consensusHash: string): Hash {
  return idOf(fromHex(epoch2BlockHash(header)), consensusHash);
}

/** H of the transaction's bytes. */
export function transactionId(bytes: Uint8Array): Hash {
  return toHex(sha512_256(bytes));
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/**
 * The root over transaction ids: leaves H(00, id), nodes H(01, left, right), the last of an odd level repeated, also where it is the only leaf.
 * Zeros for no transaction.
 */
export function transactionRoot(ids: readonly Hash[]): Hash {
  if (ids.length === 0) return '0'.repeat(64);
  let level: readonly Uint8Array[] = ids.map((id) => sha512_256(concatBytes(LEAF, fromHex(id))));
  do {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) next.push(sha512_256(concatBytes(NODE, level[i]!, level[i + 1] ?? level[i]!)));
    level = next;
  } while (level.length > 1);
  return toHex(level[0]!);
}
