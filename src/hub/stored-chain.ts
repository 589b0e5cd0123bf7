import type { LightChain } from '../albatross/chain/light-chain.ts';
import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import type { Anchor } from '../engine/trust.ts';
import { createMemoryStore } from '../storage/memory-store.ts';
import { StorageError } from '../storage/storage-error.ts';
import type { LoadOutcome, Store, StoredChain } from '../storage/store.ts';

type Data = Readonly<Record<string, string | number>>;

export interface LoadedStore {
  readonly store: Store;
  readonly outcome: LoadOutcome;
  /** Why we go on in memory instead; undefined when we do not. */
  readonly failure: { readonly code: string } | undefined;
}

/** Reads the store. When that is not possible, the client goes on with a store in memory: never a dead page. */
export async function loadStore(store: Store, network: NetworkParameters): Promise<LoadedStore> {
  try {
    return { store, outcome: await store.load(), failure: undefined };
  } catch (error) {
    await store.close().catch(() => undefined);
    const code = error instanceof StorageError ? error.code : 'internal';
    return { store: createMemoryStore({ network }), outcome: { kind: 'empty' }, failure: { code } };
  }
}

/** What became of the stored chain. `refused`: it does not keep the rules, or its signatures do not verify. */
export type RestoreOutcome =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'restored'; readonly anchor: Anchor }
  | { readonly kind: 'refused'; readonly code: string; readonly data: Data };

/** Puts the stored chain into the light chain; its newest justification is verified again. */
export async function restoreChain(chain: LightChain, outcome: LoadOutcome): Promise<RestoreOutcome> {
  switch (outcome.kind) {
    case 'empty':
      return { kind: 'nothing' };
    case 'damaged':
      return { kind: 'refused', code: outcome.code, data: outcome.data };
    case 'chain': {
      const stored = outcome.chain;
      const code = (await badElection(chain, stored)) ?? (await refusal(chain, stored));
      if (code !== undefined) return { kind: 'refused', code, data: { height: stored.anchor.height, hash: stored.anchor.hash } };
      return { kind: 'restored', anchor: stored.anchor };
    }
  }
}

/** The newest macro block is the election block itself: the validators before it must have signed it, as far as we still have them. */
async function badElection(chain: LightChain, { election, previousElection, checkpoint, anchor }: StoredChain): Promise<string | undefined> {
  if (!election || checkpoint || election.header.blockNumber === anchor.height) return undefined;
  const first = election.header.blockNumber - chain.policy.blocksPerEpoch === chain.policy.genesisNumber;
  const validators = first ? chain.genesis.block.type === 'macro' && chain.genesis.block.header.validators : previousElection?.header.validators;
  return validators ? chain.verifyMacroJustification(election, validators) : undefined;
}

async function refusal(chain: LightChain, stored: StoredChain): Promise<string | undefined> {
  const outcome = await chain.restore(stored);
  return outcome === 'restored' ? undefined : outcome.code;
}
