/**
 * When a header is final (Moloch reference, 2.4). Stricter than the crates, which count one validator twice, ignore the seal, and do not compare the root.
 * @module
 */
import { fromHex } from '../../../base/bytes.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import { headerSigningBytes, type MolochHeader } from '../wire/header.ts';
import type { FinalitySignature, TrustedHeader } from '../wire/trusted-header.ts';
import { blockHash } from './hash.ts';
import type { VerifySignature } from './verify-signature.ts';

/** Signatures of different validators that make a block final. For three validators all three are needed. */
export function finalityThreshold(validators: number): number {
  return Math.floor((2 * validators) / 3) + 1;
}

/** Codes: `bad-seal`. */
export async function checkSeal(header: MolochHeader, verify: VerifySignature): Promise<Fault | undefined> {
  const valid = await verify(fromHex(header.sealer), headerSigningBytes(header), header.seal);
  return valid ? undefined : { code: 'bad-seal', weight: 'lie', data: { height: header.height, sealer: header.sealer } };
}

/**
 * What can be said of finality signatures without arithmetic: every key is one of the validators, none twice, and there are enough. Codes: `unknown-signer`,
 * `repeated-signer`, `too-few-signatures`.
 */
export function checkSigners(signatures: readonly FinalitySignature[], validators: readonly string[]): Fault | undefined {
  const seen = new Set<string>();
  for (const { key } of signatures) {
    if (!validators.includes(key)) return { code: 'unknown-signer', weight: 'lie', data: { key } };
    if (seen.has(key)) return { code: 'repeated-signer', weight: 'lie', data: { key } };
    seen.add(key);
  }
  const needed = finalityThreshold(validators.length);
  return seen.size >= needed ? undefined : { code: 'too-few-signatures', weight: 'lie', data: { signatures: seen.size, needed } };
}

/** Votes as they come: each of a validator, none twice, each valid over the block's hash; too few are no fault. Codes: `unknown-signer`, `repeated-signer`, `bad-signature`. */
export async function checkVotes(hash: string, signatures: readonly FinalitySignature[], validators: readonly string[], verify: VerifySignature): Promise<Fault | undefined> {
  const fault = checkSigners(signatures, validators);
  if (fault && fault.code !== 'too-few-signatures') return fault;
  const message = fromHex(hash);
  const valid = await Promise.all(signatures.map(({ key, signature }) => verify(fromHex(key), message, signature)));
  const wrong = signatures[valid.indexOf(false)];
  return wrong && { code: 'bad-signature', weight: 'lie', data: { key: wrong.key, hash } };
}

/** As `checkVotes`, and there are enough. Codes: those of `checkSigners`, `bad-signature`. */
export async function checkFinalitySignatures(hash: string, signatures: readonly FinalitySignature[], validators: readonly string[], verify: VerifySignature): Promise<Fault | undefined> {
  return checkSigners(signatures, validators) ?? checkVotes(hash, signatures, validators, verify);
}

/** The whole rule. Codes: `mmr-root-field`, and those of `checkSigners`, `checkSeal` and `checkFinalitySignatures`. */
export async function checkTrustedHeader({ header, signatures, mmrRoot }: TrustedHeader, validators: readonly string[], verify: VerifySignature): Promise<Fault | undefined> {
  if (mmrRoot !== header.mmrRoot) return { code: 'mmr-root-field', weight: 'lie', data: { height: header.height, root: mmrRoot, expected: header.mmrRoot } };
  const signers = checkSigners(signatures, validators);
  if (signers) return signers;
  return (await checkSeal(header, verify)) ?? checkFinalitySignatures(blockHash(header), signatures, validators, verify);
}
