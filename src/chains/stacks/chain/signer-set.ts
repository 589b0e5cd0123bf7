import { toHex } from '../../../base/bytes.ts';
import { hash160 } from '../../../crypto/hash160.ts';
import { MAX_SIGNERS } from '../wire/header.ts';

/** One signer. The hand-over between cycles proves the hash of the key and the weight, so that the key itself need not be known. */
export interface SetMember {
  /** Hash160 of the compressed key: 40 hex digits. */
  readonly keyHash: string;
  readonly weight: number;
}

/** The signers of a reward cycle in the order of the chain, which is that of their keys. */
export interface SignerSet {
  readonly cycle: number;
  readonly members: readonly SetMember[];
}

/** What is wrong with a signer set: nobody in it, more than 4000, a weight that is no positive whole number, or a key that is there twice. */
export type SignerSetFault = 'empty' | 'too-many' | 'weight' | 'duplicate';

export function faultOfSet({ members }: SignerSet): SignerSetFault | undefined {
  if (members.length === 0) return 'empty';
  if (members.length > MAX_SIGNERS) return 'too-many';
  if (members.some(({ weight }) => !Number.isSafeInteger(weight) || weight < 1) || !Number.isSafeInteger(10 * totalWeight(members))) return 'weight';
  return new Set(members.map(({ keyHash }) => keyHash)).size < members.length ? 'duplicate' : undefined;
}

/** The set of these compressed keys (33 bytes each) in their order. */
export function setOfKeys(cycle: number, keys: readonly { readonly key: Uint8Array; readonly weight: number }[]): SignerSet {
  return { cycle, members: keys.map(({ key, weight }) => ({ keyHash: keyHashOf(key), weight })) };
}

/** Hash160 of a compressed key, 40 hex digits: the name of a signer in the chain, and of a miner in a sortition. */
export function keyHashOf(key: Uint8Array): string {
  return toHex(hash160(key));
}

export function totalWeight(members: readonly SetMember[]): number {
  return members.reduce((sum, { weight }) => sum + weight, 0);
}

/** The least weight that certifies a block: 70 %, rounded up (Stacks reference, 2). */
export function thresholdOf(total: number): number {
  return Math.ceil((7 * total) / 10);
}
