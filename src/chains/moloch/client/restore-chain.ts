// Tests: `src/chains/moloch/client/moloch-chain.test.ts`.
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { Item, Tip } from '../../../engine/sync/sync-chain.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';
import { checkFinalitySignatures, checkTrustedHeader } from '../chain/trusted-header-rules.ts';
import type { VerifySignature } from '../chain/verify-signature.ts';
import type { MolochStore } from '../store/moloch-store.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import { decodeTrustedHeader } from '../wire/trusted-header.ts';
import type { MolochChain } from './moloch-chain.ts';

/** What was stored. */
export type StoredMoloch = Pick<MolochStore, 'base' | 'blocks' | 'halt' | 'spent'>;

/**
 * Gives a chain that is at genesis what was stored. Every signature was checked before it was stored, and hashes bind the blocks: so the rules are checked again, and of the
 * signatures only the newest of each part. Blocks above them, or after a damaged one, are left out. Rejects with `StorageError`.
 */
export async function restoreChain(chain: MolochChain, stored: StoredMoloch, verify: VerifySignature): Promise<void> {
  const { validators } = chain.parameters;
  const base = await stored.base();
  const trusted = base?.record.trusted;
  if (base && trusted && base.mmr.root === trusted.header.mmrRoot && !(await checkTrustedHeader(trusted, validators, verify))) chain.state.replace(base);
  for await (const items of stored.blocks(chain.tip().height + 1)) if (!(await restoreRun(chain, items, verify))) break;
  chain.state.spent(await stored.spent());
  const halt = await stored.halt();
  if (halt) await restoreHalt(chain, halt, verify);
}

/** Lets the chain stand still for a halt that was stored, if enough validators signed both sides. */
export async function restoreHalt(chain: Pick<MolochChain, 'parameters' | 'state'>, halt: Halt, verify: VerifySignature): Promise<void> {
  if (await isEvidence(halt, chain.parameters.validators, verify)) chain.state.standStill(halt);
}

/** False: not all of them were taken. */
async function restoreRun(chain: MolochChain, items: readonly Item<MolochBlock>[], verify: VerifySignature): Promise<boolean> {
  let parent: Item<MolochBlock> | Tip = chain.tip();
  const run: Item<MolochBlock>[] = [];
  for (const item of items) {
    if (chain.checkStructure(item) ?? chain.checkLink(parent, item)) break;
    run.push(item);
    parent = item;
  }
  while (run.length > 0) {
    const { id, block } = run.at(-1)!;
    if (!(await checkFinalitySignatures(id, block.signatures, chain.parameters.validators, verify))) break;
    run.pop();
  }
  // The newest has enough signatures.
  for (const item of run) chain.state.add(item, true);
  return run.length === items.length && chain.tip().height === items.at(-1)!.height;
}

/** Whether enough validators signed both sides; genesis has no signatures, so ours may be empty. */
async function isEvidence({ evidence: [ours, theirs] }: Halt, validators: readonly string[], verify: VerifySignature): Promise<boolean> {
  for (const side of ours.length === 0 ? [theirs] : [ours, theirs]) {
    try {
      if (await checkTrustedHeader(decodeTrustedHeader(side), validators, verify)) return false;
    } catch (error) {
      if (error instanceof MolochCodecError) return false;
      throw error;
    }
  }
  return true;
}
