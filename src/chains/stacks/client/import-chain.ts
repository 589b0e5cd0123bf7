import { CodedError } from '../../../base/coded-error.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { Outcome } from '../../../engine/follow/followed-chain.ts';
import type { StacksNetwork } from '../chain/network.ts';
import type { StacksBlock } from '../chain/stacks-block.ts';
import { encodeHeader } from '../wire/header.ts';
import { decodeChainFile } from './chain-file.ts';
import type { StacksChain } from './stacks-chain.ts';
import { verifyStored } from './verify-stored.ts';

/**
 * `not-newer`; `damaged`; `refused`: `data.reason` is the rule that it breaks; `not-linked`: nothing in the file shows that it goes on from our newest confirmed
 * block. Nothing has changed then.
 */
class ImportError extends CodedError<'not-newer' | 'damaged' | 'refused' | 'not-linked'> {
  override readonly name = 'ImportError';
}

export interface ImportOptions {
  readonly network: StacksNetwork;
  readonly chain: StacksChain;
  /** A chain at the checkpoint that keeps nothing: everything is verified in it first. */
  readonly scratch: StacksChain;
  readonly verify: Verify;
  readonly signal: AbortSignal;
}

/** Takes over a chain that another client exported, if it is further than ours. Throws `ImportError` or the signal's reason. */
export async function importChain(bytes: Uint8Array, { network, chain, scratch, verify, signal }: ImportOptions): Promise<Outcome<StacksBlock>> {
  if (chain.halted()) throw new ImportError('refused', 'the chain stands still', { reason: 'halted' });
  const file = decodedOr(bytes);
  const broken = await verifyStored(file, { network, chain: scratch, verify, shows: true, signal });
  if (broken) throw new ImportError('refused', broken, { reason: broken });
  const [ours, theirs] = [chain.tip(), scratch.tip()];
  const [low, high] = theirs.height <= ours.height ? [scratch, chain] : [chain, scratch];
  const same = low.root.item === undefined ? low.tip() : high.confirmed.get(low.tip().height)?.item;
  const { height } = low.tip();
  const [mine, other] = [chain.confirmed.get(height), scratch.confirmed.get(height)];
  // Whoever has the keys of a former signer set can make such a file. What is newest in it was certified by the set of its cycle.
  const newest = scratch.find(scratch.head().id)?.cycle ?? scratch.root.cycle;
  if (newest < (mine?.cycle ?? chain.root.cycle)) throw new ImportError('refused', 'signed by a former signer set', { reason: 'cycle-ended' });
  if (mine && other && mine.item.id !== other.item.id) {
    const halt = { height, evidence: [encodeHeader(mine.item.block.header), encodeHeader(other.item.block.header)] as const };
    chain.halt(halt);
    return { kind: 'halted', ...halt };
  }
  if (scratch.head().height <= chain.head().height && theirs.height <= ours.height) throw new ImportError('not-newer', 'ours is as far');
  if (!same || theirs.height < ours.height) throw new ImportError(same ? 'not-newer' : 'not-linked', 'it does not go on from ours');
  const reverted = chain.branch().filter(({ item }) => !scratch.holds(item.id)).map(({ item }) => item);
  await chain.take(scratch);
  return { kind: 'adopted', adopted: chain.branch().map(({ item }) => item), reverted };
}

function decodedOr(bytes: Uint8Array): ReturnType<typeof decodeChainFile> {
  try {
    return decodeChainFile(bytes);
  } catch (error) {
    if (error instanceof CodedError) throw new ImportError('damaged', error.message, { reason: error.code });
    throw error;
  }
}
