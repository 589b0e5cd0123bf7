import { unsigned } from '../chain/block-store.ts';
import { equalBytes } from '../../../base/bytes.ts';
import { encode } from '../../../base/postcard/codec.ts';
import { blockHash } from '../chain/hashes.ts';
import type { LightChain } from '../chain/light-chain.ts';
import type { NetworkParameters } from '../chain/network.ts';
import { sameValidators } from '../chain/same-validators.ts';
import type { ElectionStep } from '../sync/past/bulk-verifier.ts';
import { macroBlock } from '../wire/blocks.ts';
import type { MacroBlock, Validator } from '../wire/types.ts';
import type { Anchor } from '../../../engine/trust.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { StorageError, type StoreFailure } from '../../../storage/storage-error.ts';
import type { LoadOutcome, Store, StoredChain } from '../store/store.ts';
import { Evidence } from './evidence.ts';

type Data = Readonly<Record<string, string | number>>;

export interface LoadedStore {
  readonly store: Store;
  readonly outcome: LoadOutcome;
  /** Why the client continues in memory; undefined if it does not. */
  readonly failure: { readonly code: StoreFailure } | undefined;
}

/** Reads the store. If that fails, the client continues with a store in memory, so the page always works. */
export async function loadStore(store: Store, network: NetworkParameters): Promise<LoadedStore> {
  try {
    return { store, outcome: await store.load(), failure: undefined };
  } catch (error) {
    await store.close().catch(() => undefined);
    const code = error instanceof StorageError ? error.code : 'internal';
    return { store: createMemoryStore({ network }), outcome: { kind: 'empty' }, failure: { code } };
  }
}

/** Whether a step of the election chain is one that was verified already. */
export type ElectionStepTest = (step: ElectionStep) => boolean;

/** The outcome for the stored chain. `refused`: it breaks a rule, or its signatures do not verify. */
export type RestoreOutcome =
  | { readonly kind: 'nothing' }
  /** `anchor`: not checked yet. `known`: the step to the newest election block, if it was verified here. */
  | { readonly kind: 'restored'; readonly anchor: Anchor; readonly known: ElectionStepTest }
  | { readonly kind: 'refused'; readonly code: string; readonly data: Data };

/** Puts the stored chain into the light chain. Only its newest justifications are verified again here; its other claims are not. */
export async function restoreChain(chain: LightChain, outcome: LoadOutcome): Promise<RestoreOutcome> {
  switch (outcome.kind) {
    case 'empty':
      return { kind: 'nothing' };
    case 'damaged':
      return { kind: 'refused', code: outcome.code, data: outcome.data };
    case 'chain': {
      const stored = outcome.chain;
      const before = validatorsBefore(chain, stored);
      const { election } = stored;
      const badElection = election?.justification && before && (await chain.verifyMacroJustification(election, before));
      const code = badAnchor(chain, stored) ?? badElection ?? (await refusal(chain, before ? stored : { ...stored, election: election && unsigned(election) }));
      if (code !== undefined) return { kind: 'refused', code, data: { height: stored.anchor.height, hash: stored.anchor.hash } };
      return { kind: 'restored', anchor: { ...stored.anchor, unchecked: true }, known: (step) => before !== undefined && sameStep(step, election, before) };
    }
  }
}

/** Whether the step leads to this block, with the same signatures by the same validators. A version 1 hash does not cover the lists. */
function sameStep({ block, before }: ElectionStep, election: MacroBlock | undefined, validators: readonly Validator[]): boolean {
  return election?.justification !== undefined && equalBytes(encode(macroBlock, block), encode(macroBlock, election)) && sameValidators(before.block.header.validators, validators);
}

/** Checks that the anchor fits this release, and that the counts fit a chain on that anchor. */
function badAnchor(chain: LightChain, { anchor, election, checked }: StoredChain): 'anchor' | undefined {
  const { genesis, policy, network } = chain;
  const electionHead = election ? { height: election.header.blockNumber, hash: blockHash(election) } : genesis;
  const { kind, height, hash } = anchor;
  const ours = kind === 'genesis' ? height === genesis.height : kind === 'witnesses' || hash === network.pinnedElection?.hash;
  return ours && new Evidence({ policy, genesis, checked, electionHead }, anchor).fits ? undefined : 'anchor';
}

/** The validators that signed the newest election block, if we still have them. */
function validatorsBefore({ genesis }: LightChain, { election, previousElection }: StoredChain): readonly Validator[] | undefined {
  const first = election?.header.parentElectionHash === genesis.hash && genesis.block.type === 'macro';
  return first ? genesis.block.header.validators : previousElection?.header.validators;
}

async function refusal(chain: LightChain, stored: StoredChain): Promise<string | undefined> {
  const outcome = await chain.restore(stored);
  return outcome === 'restored' ? undefined : outcome.code;
}
