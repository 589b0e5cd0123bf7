/**
 * The stages of a run that need arithmetic (Moloch reference, 6.2): seals, attestations and finality signatures. Every block's are checked: the rules of this chain ask for
 * that, and a client that serves headers must know that each one's signatures are good.
 * @module
 */
// Tests: `src/chains/moloch/client/moloch-chain.test.ts`.
import type { Fault, Item, RunFault } from '../../../engine/sync/sync-chain.ts';
import { checkAttestations } from '../chain/block-rules.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';
import { checkSeal, checkSigners, checkVotes } from '../chain/trusted-header-rules.ts';
import type { VerifySignature } from '../chain/verify-signature.ts';

/** Blocks whose signatures are checked at once: enough to keep an engine's own threads busy. */
const AT_ONCE = 16;

/** Everything that is signed in a block. */
export async function checkBlockSignatures({ id, block }: Item<MolochBlock>, validators: readonly string[], verify: VerifySignature, signal: AbortSignal): Promise<Fault | undefined> {
  return (await checkSeal(block.header, verify)) ?? (await checkVotes(id, block.signatures, validators, verify)) ?? checkAttestations(block, verify, signal);
}

/** The first bad block of a run. Rejects with the signal's reason only. */
export async function checkRunSignatures(run: readonly Item<MolochBlock>[], validators: readonly string[], verify: VerifySignature, signal: AbortSignal): Promise<RunFault | undefined> {
  for (let start = 0; start < run.length; start += AT_ONCE) {
    signal.throwIfAborted();
    const part = run.slice(start, start + AT_ONCE);
    const faults = await Promise.all(part.map((item) => checkBlockSignatures(item, validators, verify, signal)));
    const at = faults.findIndex((fault) => fault !== undefined);
    if (at >= 0) return { ...faults[at]!, at: part[at]!.height };
  }
  return undefined;
}

/** The index of the newest block of a run that enough validators signed; -1: none. */
export function newestProven(run: readonly Item<MolochBlock>[], validators: readonly string[]): number {
  return run.findLastIndex(({ block }) => checkSigners(block.signatures, validators) === undefined);
}

/** The first block that is not final by signatures of its own or of a later one of the run. Codes: `not-final`. */
export function checkRunFinality(run: readonly Item<MolochBlock>[], validators: readonly string[]): RunFault | undefined {
  const open = run[newestProven(run, validators) + 1];
  return open && { code: 'not-final', weight: 'offence', at: open.height, data: { height: open.height, signatures: open.block.signatures.length } };
}
