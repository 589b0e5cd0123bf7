/**
 * Puts a stored or an exported chain to the rules again: the sets by the proofs that announce them, the newest final block by its proof, the blocks before
 * it by hashes, and the state by its root.
 * @module
 */
import { hashOf, hashOfSet } from '../chain/hash.ts';
import { announcedBy } from '../chain/hand-over.ts';
import { KeyValueState } from '../chain/state.ts';
import { verifyQc } from '../chain/verify-qc.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { encodeValidatorSet } from '../wire/validator-set.ts';
import { WireError } from '../wire/wire-error.ts';
import type { StoredChain } from '../store/hotstuff2-store.ts';
import type { HotStuff2Chain } from './hotstuff2-chain.ts';
import type { Verify } from '../../../crypto/jobs.ts';

export interface VerifyStoredOptions {
  /** At genesis. It holds the chain afterwards; after a refusal it is of no use. */
  readonly chain: HotStuff2Chain;
  readonly verify: Verify;
  readonly signal: AbortSignal;
}

/** The rule that the stored chain breaks; undefined: the chain stands where it was stored. */
export async function verifyStored({ record, itemsFrom, items, state }: StoredChain, options: VerifyStoredOptions): Promise<string | undefined> {
  const { chain, signal } = options;
  const { root, links, checked } = record;
  try {
    for (const { set, proof: bytes } of links) {
      const proof = decodeFinalityProof(bytes);
      const hash = hashOfSet(set);
      if (announcedBy(proof) !== hash || !chain.sets.take(hash, encodeValidatorSet(set))) return 'unknown-set';
      const fault = await chain.learnSet(proof, signal);
      if (fault) return fault.code;
    }
    const broken = await notFinal(root.proof, root.id, items.at(-1), options);
    if (broken) return broken;
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  const unlinked = items.findIndex(({ id, height }, i) => {
    const next = items[i + 1] ?? { parent: root.id, height: root.header.height + 1 };
    return next.parent !== id || next.height !== height + 1;
  });
  if (unlinked >= 0 || items.length !== root.header.height - itemsFrom + 1) return 'parent';
  const entries = state && new KeyValueState(state);
  if (entries && entries.root() !== root.header.stateRoot) return 'state-root';
  chain.restore(root, items, entries, checked);
  return undefined;
}

/** The proof that the newest block is final; a block that was stored without one has to be certified at least. */
async function notFinal(bytes: Uint8Array, id: string, item: Hs2Item | undefined, { chain, verify, signal }: VerifyStoredOptions): Promise<string | undefined> {
  if (bytes.length > 0) {
    const proof = decodeFinalityProof(bytes);
    return hashOf(proof.final.headerBytes) === id ? (await chain.checkProof(proof, signal))?.code : 'not-final';
  }
  const qc = item?.id === id ? item.block.qc : undefined;
  const set = item && chain.sets.rulingSet(item.block.header);
  if (!qc || !set) return 'no-certificate';
  return verifyQc({ qc, hash: id, view: item.block.header.view, set }, verify, signal);
}
