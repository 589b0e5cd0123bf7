/**
 * What a transaction from a contract proves: the three ways to redeem an HTLC, and what is taken out of the staking contract (Albatross
 * proofs reference, 4.4). A vesting contract has a plain signature proof.
 * @module
 */
import { constant, names, struct, u8, union } from '../../../base/postcard/codec.ts';
import { blake2b } from '../../../crypto/blake2b.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import { sha512 } from '../../../crypto/sha512.ts';
import { equalBytes } from '../../../base/bytes.ts';
import { anyHash, preImage } from './htlc-data.ts';
import type { AnyHash, HashAlgorithm } from './htlc-data.ts';
import { signatureProof } from './signature-proof.ts';
import type { SignatureProof } from './signature-proof.ts';

export type HtlcProof =
  /** The recipient shows a pre-image that gives the root when it is hashed `hashDepth` times. */
  | { readonly type: 'regular-transfer'; readonly hashDepth: number; readonly hashRoot: AnyHash; /** 32 or 64 bytes. */ readonly preImage: Uint8Array; readonly signatureProof: SignatureProof }
  /** Both agree. */
  | { readonly type: 'early-resolve'; readonly recipientProof: SignatureProof; readonly senderProof: SignatureProof }
  /** The sender takes the money back after the timeout. */
  | { readonly type: 'timeout-resolve'; readonly senderProof: SignatureProof };

type Proof<T extends HtlcProof['type']> = Extract<HtlcProof, { type: T }>;

/** 0 to 2 in this order. */
export const htlcProof = union<HtlcProof>({
  'regular-transfer': struct<Proof<'regular-transfer'>>({ type: constant('regular-transfer'), hashDepth: u8, hashRoot: anyHash, preImage, signatureProof }),
  'early-resolve': struct<Proof<'early-resolve'>>({ type: constant('early-resolve'), recipientProof: signatureProof, senderProof: signatureProof }),
  'timeout-resolve': struct<Proof<'timeout-resolve'>>({ type: constant('timeout-resolve'), senderProof: signatureProof }),
});

const digests: Readonly<Record<HashAlgorithm, (bytes: Uint8Array) => Uint8Array>> = { blake2b, sha256, sha512 };

/** Whether the pre-image gives the root when it is hashed `hashDepth` times. */
export function leadsToRoot({ hashDepth, hashRoot, preImage }: Pick<Proof<'regular-transfer'>, 'hashDepth' | 'hashRoot' | 'preImage'>): boolean {
  let hash = preImage;
  for (let i = 0; i < hashDepth; i += 1) hash = digests[hashRoot.algorithm](hash);
  return equalBytes(hash, hashRoot.hash);
}

/** The sender data of a transaction from the staking contract, one byte: 0 or 1. */
export const stakingWithdrawal = names(['delete-validator', 'remove-stake']);
