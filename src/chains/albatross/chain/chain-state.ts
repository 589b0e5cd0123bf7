// Tests: `src/chains/albatross/chain/light-chain.test.ts`.
import { vrfEntropy } from '../../../crypto/vrf.ts';
import { type AlbatrossCounts, nothingChecked } from './checked-counts.ts';
import { equalBytes } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import type { MacroBlock, Validator } from '../wire/types.ts';
import { BlockStore, type StoredBlock } from './block-store.ts';
import { KeyProof } from './key-proof.ts';
import type { Policy } from './policy.ts';
import { SkipVariants } from './skip-variants.ts';
import { validatorAt } from './slots.ts';

export type MacroStored = StoredBlock & { readonly block: MacroBlock };

/** The state that a reset or a restore replaces as a whole. */
export interface ChainState {
  readonly store: BlockStore;
  readonly variants: SkipVariants;
  head: StoredBlock;
  macroHead: MacroStored;
  electionHead: MacroStored;
  /**
   * The hashes of all election blocks known to be final, by height. The only part that grows without bound: by one hash an epoch (twice a
   * day). It tells a peer's old election block from a contradiction.
   */
  readonly electionHashes: Map<number, Hash>;
  checked: AlbatrossCounts;
  /** What is known about the signing keys in the election head's list. */
  keys: KeyProof;
  /** Height of the newest block after the macro head that was `undecided`. */
  undecided: number | undefined;
}

/** A chain of only its genesis block. */
export function stateAtGenesis(genesis: MacroStored): ChainState {
  const store = new BlockStore();
  store.add(genesis);
  const electionHashes = new Map([[genesis.height, genesis.hash]]);
  return { store, variants: new SkipVariants(), head: genesis, macroHead: genesis, electionHead: genesis, electionHashes, checked: nothingChecked, keys: new KeyProof(electedBy(genesis), true), undecided: undefined };
}

/** The validators that an election block elects. */
export function electedBy(election: MacroStored): readonly Validator[] {
  return election.block.header.validators ?? [];
}

/**
 * Puts blocks that follow the head, ascending, on the main chain. A macro block is final: everything before the batch that it ends is
 * dropped. Albatross block reference, 5.9; a macro block that arrives by a switch of branches is treated the same.
 */
export function adopt(state: ChainState, blocks: readonly StoredBlock[], policy: Policy): void {
  for (const stored of blocks) {
    stored.mainChain = true;
    if (!state.store.get(stored.hash)) state.store.add(stored);
    state.head = stored;
  }
  count(state, blocks, 1);
  // A branch never runs across a macro block, so only its tip can be one.
  if (isMacro(state.head)) finalize(state, state.head, policy);
}

/** Takes the main chain blocks above the ancestor off the main chain, and returns them ascending. The caller adopts other blocks in their place. */
export function revertTo(state: ChainState, ancestor: Hash): readonly StoredBlock[] {
  const reverted: StoredBlock[] = [];
  for (let at: StoredBlock | undefined = state.head; at && at.hash !== ancestor; at = state.store.get(at.block.header.parentHash)) reverted.unshift(at);
  for (const stored of reverted) stored.mainChain = false;
  count(state, reverted, -1);
  return reverted;
}

/**
 * Whether there is another ordinary micro block at this height by the same proposer: only the same key on top of the same entropy gives
 * equal entropy. Albatross block reference, 5.9.
 */
export function hasTwin({ store }: ChainState, stored: StoredBlock): boolean {
  const others = store.at(stored.height).filter(({ kind, hash }) => kind === 'micro' && hash !== stored.hash);
  const entropy = others.length > 0 ? vrfEntropy(stored.block.header.seed) : undefined;
  if (!entropy) return false;
  return others.some(({ block }) => equalBytes(vrfEntropy(block.header.seed) ?? new Uint8Array(0), entropy));
}

function isMacro(stored: StoredBlock): stored is MacroStored {
  return stored.block.type === 'macro';
}

function finalize(state: ChainState, stored: MacroStored, policy: Policy): void {
  proveKeys(state, stored);
  state.macroHead = stored;
  state.undecided = undefined;
  const { parentElectionHash } = stored.block.header;
  if (stored.kind === 'election') {
    state.electionHead = stored;
    state.keys = new KeyProof(electedBy(stored), stored.block.header.version >= 2);
    state.electionHashes.set(stored.height, stored.hash);
  }
  // The block itself names this hash, so it is known even if the chain began with this block. The genesis hash is never overwritten.
  const before = policy.electionBlockBefore(stored.height);
  if (!state.electionHashes.has(before)) state.electionHashes.set(before, parentElectionHash);
  state.variants.dropTo(stored.height);
  state.store.prune(stored.height - policy.blocksPerBatch, stored.height);
}

/** The held blocks between two macro heads are ancestors of the second, and their seeds were verified. Now they are final, so they prove their keys. */
function proveKeys({ store, keys, macroHead, electionHead }: ChainState, stored: MacroStored): void {
  for (let height = macroHead.height + 1; height < stored.height; height += 1) {
    const slot = store.mainChainAt(height)?.slot;
    const owner = slot === undefined ? undefined : validatorAt(electedBy(electionHead), slot);
    if (slot !== undefined && owner) keys.prove(slot, owner.signingKey);
  }
}

function count(state: ChainState, blocks: readonly StoredBlock[], sign: 1 | -1): void {
  const of = (kinds: readonly string[]) => sign * blocks.filter(({ kind }) => kinds.includes(kind)).length;
  const { electionBlocks, checkpoints, microBlocks, justifications } = state.checked;
  state.checked = {
    ...state.checked,
    justifications: justifications + of(['election', 'checkpoint']),
    electionBlocks: electionBlocks + of(['election']),
    checkpoints: checkpoints + of(['checkpoint']),
    microBlocks: microBlocks + of(['micro', 'skip']),
  };
}
