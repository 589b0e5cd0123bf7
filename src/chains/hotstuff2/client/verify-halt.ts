// Tests: `src/chains/hotstuff2/client/open-hotstuff2.test.ts`.
import { equalBytes } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { checkProposer } from '../chain/check-link.ts';
import { hashOf } from '../chain/hash.ts';
import { caseOf, verifyFinalityProof } from '../chain/verify-finality.ts';
import { verifyQcs } from '../chain/verify-qc.ts';
import { decodeCertifiedHeader, decodeFinalityProof } from '../wire/finality-proof.ts';
import type { CertifiedHeader } from '../wire/finality-proof.ts';
import { HEADER_LENGTH } from '../wire/header.ts';
import { WireError } from '../wire/wire-error.ts';
import type { HotStuff2Chain } from './hotstuff2-chain.ts';

export interface VerifyHaltOptions {
  /** At its stored place. */
  readonly chain: Pick<HotStuff2Chain, 'headers' | 'sets'>;
  readonly chainId: Hash;
  readonly verify: Verify;
  readonly signal: AbortSignal;
  /** Makes the hash of our final block at a height known, if it is stored. */
  readonly know: (height: number) => Promise<unknown>;
}

/**
 * Whether the stored evidence of a halt still shows, by our rules, that two blocks exclude each other: two certified blocks of one view; or two final blocks
 * of one height, where ours can also be the newest final one above it. Rejects only when aborted, or when nothing can verify signatures.
 */
export async function isHaltProven({ height, evidence: [ours, theirs] }: Halt, options: VerifyHaltOptions): Promise<boolean> {
  try {
    const pair = [ours, theirs].map((bytes) => certifiedOf(bytes));
    if (pair[0] && pair[1]) {
      const [a, b] = [pair[0], pair[1]];
      return a.header.view === b.header.view && !equalBytes(a.headerBytes, b.headerBytes) && (await isCertified(a, options)) && (await isCertified(b, options));
    }
    const other = decodeFinalityProof(theirs).final;
    if (other.header.height !== height || !(await isFinal(theirs, options))) return false;
    const id = hashOf(other.headerBytes);
    // The block that the chain begins with, or one that was stored without its proof, is in the chain itself.
    const isOwn = ours.length === 0 || ours.length === HEADER_LENGTH;
    const own = isOwn ? undefined : decodeFinalityProof(ours).final;
    if (own && !(await isFinal(ours, options))) return false;
    if (own?.header.height === height) return hashOf(own.headerBytes) !== id;
    await options.know(height);
    const known = options.chain.headers.idAt(height);
    return known !== undefined && known !== id;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

/** Undefined: not of this form. */
function certifiedOf(bytes: Uint8Array): CertifiedHeader | undefined {
  try {
    return decodeCertifiedHeader(bytes);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

async function isCertified(block: CertifiedHeader, { chain, chainId, verify, signal }: VerifyHaltOptions): Promise<boolean> {
  const set = block.header.chainId === chainId ? chain.sets.rulingSet(block.header) : undefined;
  return set !== undefined && checkProposer(block.header, set.keys.length) === undefined && (await verifyQcs([caseOf(block, set)], verify, signal)) === undefined;
}

async function isFinal(bytes: Uint8Array, { chain, chainId, verify, signal }: VerifyHaltOptions): Promise<boolean> {
  const setOf = (header: CertifiedHeader['header'], parent?: CertifiedHeader['header']) => (parent ? chain.sets.nextSet(parent, header.validators) : chain.sets.rulingSet(header));
  return (await verifyFinalityProof(decodeFinalityProof(bytes), { chainId, setOf, verify, signal })) === undefined;
}
