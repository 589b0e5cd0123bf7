import { CodedError } from '../../../base/coded-error.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Hs2Block } from '../chain/hs2-block.ts';
import { decodeHeaderItem } from '../chain/hs2-block.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { encodeHeader } from '../wire/header.ts';
import { encodeValidatorSet } from '../wire/validator-set.ts';
import { hashOfSet } from '../chain/hash.ts';
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
  readonly signal: AbortSignal;
}

/** Takes over a chain that another client exported, if its head is above ours. Throws `ImportError` or the signal's reason. */
export async function importChain(bytes: Uint8Array, { chain, scratch, verify, signal }: ImportOptions): Promise<Outcome<Hs2Block>> {
  // A file must not choose between two final blocks.
  if (chain.halted()) throw new ImportError('refused', 'the chain stands still', { reason: 'halted' });
  const file = decodedOr(bytes);
  const { root, links } = file.record;
  if (root.proof.length === 0) throw new ImportError('refused', 'without a proof', { reason: 'not-final' });
  const broken = await verifyStored(file, { chain: scratch, verify, signal });
  if (broken) throw new ImportError('refused', broken, { reason: broken });
  if (!scratch.state && chain.state) throw new ImportError('refused', 'without the state', { reason: 'no-payload' });
  for (const item of file.pending) {
    const outcome = await scratch.push(item, signal);
    if (outcome.kind !== 'adopted') throw new ImportError('refused', `a block above the final one: ${outcome.kind}`, { reason: outcome.kind === 'fault' ? outcome.fault.code : outcome.kind });
  }
  const { height, id } = chain.tip();
  if (scratch.head().height <= chain.head().height || scratch.tip().height < height || (scratch.tip().height === height && scratch.tip().id !== id)) throw new ImportError('not-newer', 'ours is as far');
  if (scratch.tip().height > height) {
    for (const { set, proof } of links) {
      chain.sets.take(hashOfSet(set), encodeValidatorSet(set));
      await chain.learnSet(decodeFinalityProof(proof), signal);
    }
    const { final } = scratch;
    await chain.replace(final, decodeHeaderItem(encodeHeader(final.header), decodeFinalityProof(final.proof).final.qcBytes), scratch.state);
  }
  for (const item of scratch.pending) await chain.push(item, signal);
  return { kind: 'adopted', adopted: [...scratch.pending], reverted: [] };
}

function decodedOr(bytes: Uint8Array): ReturnType<typeof decodeChainFile> {
  try {
    return decodeChainFile(bytes);
  } catch (error) {
    if (error instanceof CodedError && error.name === 'WireError') throw new ImportError('damaged', error.message, { reason: error.code });
    throw error;
  }
}
