import { ZERO_HASH } from '../../src/chains/hotstuff2/chain/hash.ts';
import { payloadRoot } from '../../src/chains/hotstuff2/chain/payload-root.ts';
import { stateRoot } from '../../src/chains/hotstuff2/chain/state-root.ts';
import { encodeHeader, type Header } from '../../src/chains/hotstuff2/wire/header.ts';
import { encodePayload } from '../../src/chains/hotstuff2/wire/payload.ts';
import type { StateEntry } from '../../src/chains/hotstuff2/wire/state-entry.ts';
import { childSets } from './block-rules.ts';
import { storedBlock, type BlockStore, type StoredBlock } from './block-store.ts';
import { applyPayload } from './ledger.ts';
import type { World } from './world.ts';

export function makeGenesis({ chainId, time, validators, state }: { readonly chainId: string; readonly time: number; readonly validators: string; readonly state: readonly StateEntry[] }): StoredBlock {
  const payload = encodePayload([]);
  const header: Header = {
    chainId,
    height: 0,
    view: 0,
    proposer: 0,
    time,
    parent: ZERO_HASH,
    payloadRoot: payloadRoot([]),
    payloadLength: payload.length,
    stateRoot: stateRoot(state),
    validators,
    nextValidators: validators,
  };
  return storedBlock({ header, headerBytes: encodeHeader(header), payload });
}

/** The block that a leader proposes on a parent. `variant` other than 0: a second block of the same view. Undefined if the parent's state is not kept. */
export function makeBlock(parent: StoredBlock, view: number, proposer: number, world: World, store: BlockStore, variant = 0): StoredBlock | undefined {
  const before = world.ledger.state(parent.hash);
  if (!before) return undefined;
  const height = parent.header.height + 1;
  const sets = childSets(parent, store);
  const switches = sets.validators !== parent.header.validators;
  const announces = !sets.open && !switches && world.announced !== undefined && world.announced !== sets.validators;
  const transactions = sets.open ? [] : world.mempool.pick(height, view, variant, store.branch(parent) ?? []);
  const payload = encodePayload(transactions);
  const header: Header = {
    chainId: world.network.chainId,
    height,
    view,
    proposer,
    time: Math.max(world.clock.now(), parent.header.time),
    parent: parent.hash,
    payloadRoot: payloadRoot(transactions),
    payloadLength: payload.length,
    stateRoot: applyPayload(before, payload).root,
    validators: sets.validators,
    nextValidators: announces ? world.announced! : sets.next,
  };
  return storedBlock({ header, headerBytes: encodeHeader(header), payload });
}
