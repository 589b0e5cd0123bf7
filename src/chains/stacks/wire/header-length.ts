import { MAX_SIGNERS, SIGNATURE_LENGTH } from './header.ts';

/** Bytes before the count of signatures: version, two u64, consensus hash, three hashes, timestamp, miner's signature. */
const BEFORE_SIGNATURES = 1 + 8 + 8 + 20 + 3 * 32 + 8 + SIGNATURE_LENGTH;
/** Bytes of a problematic transaction: index and category. */
const PROBLEMATIC = 5;

/**
 * Bytes of the header at the front of a block, by its counts alone and in constant time. Undefined: the bytes end before that can be told. For counts that no header
 * has, the length up to them: the decoder refuses them.
 */
export function headerLength(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const afterCount = BEFORE_SIGNATURES + 4;
  if (bytes.length < afterCount) return undefined;
  const signatures = view.getUint32(BEFORE_SIGNATURES);
  if (signatures > MAX_SIGNERS) return afterCount;
  const afterBitCounts = afterCount + signatures * SIGNATURE_LENGTH + 6;
  if (bytes.length < afterBitCounts) return undefined;
  const treatment = view.getUint32(afterBitCounts - 4);
  if (treatment > MAX_SIGNERS) return afterBitCounts;
  const afterBits = afterBitCounts + treatment;
  if ((bytes[0]! & 0x7f) === 0) return afterBits;
  if (bytes.length < afterBits + 4) return undefined;
  return afterBits + 4 + view.getUint32(afterBits) * PROBLEMATIC;
}
