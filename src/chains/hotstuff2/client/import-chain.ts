import { CodedError } from '../../../base/coded-error.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { Halt, Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Hs2Block } from '../chain/hs2-block.ts';
import { decodeHeaderItem } from '../chain/hs2-block.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { encodeHeader } from '../wire/header.ts';
import { encodeValidatorSet } from '../wire/validator-set.ts';
import { WireError } from '../wire/wire-error.ts';
import { hashOfSet } from '../chain/hash.ts';
import type { TreeRoot } from '../chain/block-tree.ts';
import type { SetLink } from '../chain/known-sets.ts';
import { decodeChainFile } from './chain-file.ts';
import type { HotStuff2Chain } from './hotstuff2-chain.ts';
import { verifyStored } from './verify-stored.ts';

/** `not-newer`; `damaged`; `refused`: `data.reason` is the rule that it breaks. Nothing has changed then. */
class ImportError extends CodedError<'not-newer' | 'damaged' | 'refused'> {
  override readonly name = 'ImportError';
}

export interface ImportOptions {
  readonly chain: HotStuff2Chain;
  /** A chain at genesis that keeps nothing: everything is verified in it first. */
  readonly scratch: HotStuff2Chain;
  readonly verify: Verify;
  /** Makes the hash of an older final block known, if it is stored. */
  readonly know?: ((height: number) => Promise<unknown>) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Takes over a chain that another client exported, if its head is above ours. Halts if the file proves another final block at a height of ours. Throws
 * `ImportError` or the signal's reason.
 */
export async function importChain(bytes: Uint8Array, options: ImportOptions): Promise<Outcome<Hs2Block>> {
  const { chain, scratch, verify, signal } = options;
  // A file must not choose between two final blocks.
  if (chain.halted()) throw new ImportError('refused', 'the chain stands still', { reason: 'halted' });
  const file = decodedOr(bytes);
  const { root, links } = file.record;
  if (root.proof.length === 0) throw new ImportError('refused', 'without a proof', { reason: 'not-final' });
  const broken = await verifyStored(file, { chain: scratch, verify, signal });
  if (broken) throw new ImportError('refused', broken, { reason: broken });
  const halt = await contradicts(root, options, links);
  if (halt) return { kind: 'halted', ...halt };
  if (!scratch.state && chain.state) throw new ImportError('refused', 'without the state', { reason: 'no-payload' });
  for (const item of file.pending) {
    const outcome = await scratch.push(item, signal);
    if (outcome.kind !== 'adopted') throw new ImportError('refused', `a block above the final one: ${outcome.kind}`, { reason: outcome.kind === 'fault' ? outcome.fault.code : outcome.kind });
  }
  // The blocks above it may have made more final.
  const later = await contradicts(scratch.final, options, links);
  if (later) return { kind: 'halted', ...later };
  const { height } = chain.tip();
  if (scratch.head().height <= chain.head().height || scratch.tip().height < height) throw new ImportError('not-newer', 'ours is as far');
  if (scratch.tip().height > height) {
    const { final } = scratch;
    await chain.replace(final, decodeHeaderItem(encodeHeader(final.header), decodeFinalityProof(final.proof).final.qcBytes), scratch.state);
  }
  for (const item of scratch.pending) await chain.push(item, signal);
  return { kind: 'adopted', adopted: [...scratch.pending], reverted: [] };
}

/** Puts the proof of a final block of the file to our chain, if it could contradict ours or is to take its place. The chain learns the file's sets for it. Throws `ImportError`. */
async function contradicts({ id, header, proof }: TreeRoot, { chain, know, signal }: ImportOptions, links: readonly SetLink[]): Promise<Halt | undefined> {
  const { height } = chain.tip();
  if (header.height < height) await know?.(header.height);
  const ours = chain.headers.idAt(header.height);
  if (header.height <= height && (ours === undefined || ours === id)) return undefined;
  for (const link of links) {
    const hash = hashOfSet(link.set);
    chain.sets.take(hash, encodeValidatorSet(link.set));
    await chain.learnSet(decodeFinalityProof(link.proof), signal);
  }
  const fault = proof.length > 0 ? await chain.checkProof(decodeFinalityProof(proof), signal) : undefined;
  // Its sets rule by the file's own word, but not where our final blocks show another one.
  if (fault) throw new ImportError('refused', fault.code, { reason: fault.code });
  return chain.halted();
}

function decodedOr(bytes: Uint8Array): ReturnType<typeof decodeChainFile> {
  try {
    return decodeChainFile(bytes);
  } catch (error) {
    if (error instanceof WireError) throw new ImportError('damaged', error.message, { reason: error.code });
    throw error;
  }
}
