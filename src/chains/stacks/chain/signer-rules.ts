/**
 * Whether the signer set of a cycle certified a header (Stacks reference, 2).
 * @module
 */
import type { VerificationJob, Verify } from '../../../crypto/jobs.ts';
import { isShadow, plainVersion, type NakamotoHeader } from '../wire/header.ts';
import { blockHash, minerHash } from './hash.ts';
import type { RuleCode } from './rule-code.ts';
import { keyHashOf, thresholdOf, totalWeight, type SignerSet } from './signer-set.ts';

/** The result of a check that holds: what the page's bar of weight shows. */
export interface SignedWeight {
  readonly signed: number;
  readonly threshold: number;
  readonly total: number;
}

/** `signers`: the key hashes of those that signed. */
export type SignerVerdict = { readonly ok: true; readonly weight: SignedWeight; readonly signers: readonly string[] } | { readonly ok: false; readonly code: RuleCode };

/**
 * The rule of the signers' order: before Epoch 4.0 each is only compared with the first one; from it on all ascend. The version of the header follows
 * the epoch of the tenure's sortition.
 */
export function isOrdered(indices: readonly number[], version: number): boolean {
  return indices.every((index, i) => i === 0 || index > indices[version === 0 ? 0 : i - 1]!);
}

/** Checks the recovered keys (33 bytes each, in the order of the signatures) against the set: no stranger, nobody twice, order, weight. */
export function checkSigners(header: Pick<NakamotoHeader, 'version'>, keys: readonly Uint8Array[], set: SignerSet): SignerVerdict {
  if (isShadow(header)) return refused('shadow');
  const positions = new Map(set.members.map(({ keyHash }, i) => [keyHash, i]));
  const signers = keys.map(keyHashOf);
  const indices = signers.map((keyHash) => positions.get(keyHash) ?? -1);
  if (indices.includes(-1)) return refused('signer-stranger');
  if (new Set(indices).size < indices.length) return refused('signer-twice');
  if (!isOrdered(indices, plainVersion(header))) return refused('signer-order');
  const signed = indices.reduce((sum, index) => sum + set.members[index]!.weight, 0);
  const total = totalWeight(set.members);
  const threshold = thresholdOf(total);
  return signed < threshold || total === 0 ? refused('weight') : { ok: true, weight: { signed, threshold, total }, signers };
}

/** The job that recovers the signers' keys of a header, and before them the miner's. */
export function jobOfHeader(header: NakamotoHeader): VerificationJob {
  const message = blockHash(header);
  const miner = { message: minerHash(header), signature: header.minerSignature };
  return { kind: 'secp256k1-recover', signatures: [miner, ...header.signerSignatures.map((signature) => ({ message, signature }))] };
}

/** A certified header with the miner's key hash (40 hex digits), to be compared with that of the sortition where it is known. */
export interface Certified {
  readonly ok: true;
  readonly weight: SignedWeight;
  readonly signers: readonly string[];
  readonly minerKeyHash: string;
}

/**
 * Recovers the keys of a header and checks them against the set of its tenure's cycle. `minerKeyHash`: that of the sortition, where it is known. Rejects
 * with the signal's reason only, or when nothing can verify any more.
 */
export async function verifySigners(header: NakamotoHeader, set: SignerSet, verify: Verify, options: { readonly signal?: AbortSignal | undefined; readonly minerKeyHash?: string | undefined } = {}): Promise<Certified | { readonly ok: false; readonly code: RuleCode }> {
  if (isShadow(header)) return refused('shadow');
  // No list of distinct members is longer than the set, so a longer one needs no recovery.
  if (header.signerSignatures.length > set.members.length) return refused('signer-twice');
  const result = await verify(jobOfHeader(header), { signal: options.signal });
  if (!result.valid || result.keys?.length !== header.signerSignatures.length + 1) return refused('signature');
  const [miner, ...signers] = result.keys;
  const minerKeyHash = keyHashOf(miner!);
  if (options.minerKeyHash !== undefined && options.minerKeyHash !== minerKeyHash) return refused('miner');
  const verdict = checkSigners(header, signers, set);
  return verdict.ok ? { ...verdict, minerKeyHash } : verdict;
}

function refused(code: RuleCode): { readonly ok: false; readonly code: RuleCode } {
  return { ok: false, code };
}
