import { leaderOf } from '../../src/chains/hotstuff2/chain/quorum.ts';
import { payloadRoot } from '../../src/chains/hotstuff2/chain/payload-root.ts';
import { decodePayload } from '../../src/chains/hotstuff2/wire/payload.ts';
import type { BlockStore, StoredBlock } from './block-store.ts';
import type { Ledger } from './ledger.ts';
import type { ValidatorEpochs } from './validator-epochs.ts';

/** Bytes of the empty payload: the count 0. */
const EMPTY_PAYLOAD = 4;

/** The sets of the child of a block, as far as the chain decides them (HotStuff-2 reference, 4.6). `open`: its set is announced and not switched to yet. */
export interface ChildSets {
  readonly validators: string;
  readonly next: string;
  readonly open: boolean;
}

/**
 * The sets that a child of `parent` has to name, when the parent has an open announcement: the announced set as soon as the announcing block is
 * final by the old set alone. Otherwise the parent's, and the proposer may announce. Every block up to `parent` is certified.
 */
export function childSets(parent: StoredBlock, store: BlockStore): ChildSets {
  const { validators, nextValidators } = parent.header;
  if (nextValidators === validators) return { validators, next: validators, open: false };
  // Back to the block that announced, looking for a pair of consecutive views on the way.
  let child = parent;
  for (;;) {
    const before = store.get(child.header.parent);
    const announced = before?.header.validators === validators && before.header.nextValidators === nextValidators;
    if (!before || !announced) return { validators, next: nextValidators, open: true };
    if (child.header.view === before.header.view + 1) return { validators: nextValidators, next: nextValidators, open: false };
    child = before;
  }
}

/** The rule that a block breaks as the child of its parent; undefined if none. The state is computed for it. */
export function brokenRule(block: StoredBlock, parent: StoredBlock, { store, ledger, epochs, chainId }: { readonly store: BlockStore; readonly ledger: Ledger; readonly epochs: ValidatorEpochs; readonly chainId: string }): string | undefined {
  const { header, payload } = block;
  if (header.chainId !== chainId) return 'chain-id';
  if (header.parent !== parent.hash || header.height !== parent.header.height + 1) return 'height';
  if (header.view <= parent.header.view && parent.header.height > 0) return 'view';
  if (header.time < parent.header.time) return 'time';
  const sets = childSets(parent, store);
  // A set may be announced by any block that does not stand under an announcement and does not switch.
  const mayAnnounce = !sets.open && sets.validators === parent.header.validators;
  if (header.validators !== sets.validators) return 'unknown-set';
  if (header.nextValidators !== sets.next && !(mayAnnounce && epochs.get(header.nextValidators))) return 'announcement-changed';
  if (sets.open && header.payloadLength !== EMPTY_PAYLOAD) return 'not-empty';
  const epoch = epochs.get(header.validators);
  if (!epoch) return 'set-unknown-bytes';
  if (header.proposer !== leaderOf(header.view, epoch.set.keys.length)) return 'proposer';
  try {
    if (header.payloadRoot !== payloadRoot(decodePayload(payload))) return 'payload-root';
    const state = ledger.execute(block.hash, parent.hash, payload);
    return state?.root === header.stateRoot ? undefined : 'state-root';
  } catch {
    return 'payload';
  }
}
