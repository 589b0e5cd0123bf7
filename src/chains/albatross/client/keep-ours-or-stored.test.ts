import { expect, it } from 'vitest';
import { loadGenesis } from '../chain/genesis.ts';
import { blockHash } from '../chain/hashes.ts';
import type { LightChain } from '../chain/light-chain.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { nothingChecked } from '../chain/checked-counts.ts';
import type { Anchor } from '../../../engine/trust.ts';
import type { StoredChain } from '../store/store.ts';
import { ourChainStands } from './keep-ours-or-stored.ts';

const election = loadGenesis(unitAlbatross);
const { blockNumber: height } = election.header;
const witness = { peer: 'p', subnet: 's', saidAt: 0 };
const proven: Anchor = { kind: 'genesis', height, hash: blockHash(election), witnesses: [], fewWitnesses: false };
const pico: Anchor = { ...proven, kind: 'witnesses', witnesses: [witness] };
const nothing: Anchor = { ...pico, witnesses: [] };

const ours = (head: number, knows = blockHash(election)) => ({ head: { height: head }, electionHash: (at: number) => (at === height ? knows : undefined) }) as unknown as LightChain;
const stored = (anchor: Anchor, top = election): StoredChain => ({ anchor, election: top, checkpoint: undefined, tail: [], checked: nothingChecked });

it.each<[string, boolean, LightChain, Anchor, StoredChain]>([
  ['further, on the stored one, as well founded', true, ours(height + 5), pico, stored(pico)],
  ['the same block', true, ours(height), pico, stored(pico)],
  ['better founded', true, ours(height + 5), proven, stored(pico)],
  ['nothing stored above genesis', true, ours(height + 5), pico, { ...stored(nothing), election: undefined }],
  ['less far', false, ours(height - 1), proven, stored(pico)],
  ['worse founded', false, ours(height + 5), pico, stored(proven)],
  ['another chain', false, ours(height + 5, '00'.repeat(32)), proven, stored(pico)],
  ['begun above the stored one, so that nobody knows', false, ours(height + 500), pico, stored(pico, { ...election, header: { ...election.header, blockNumber: height + 128 } })],
])("whether the client's chain stays when a stored chain appears: %s", (_, stands, chain, anchor, chainStored) => {
  expect(ourChainStands(chain, anchor, chainStored)).toBe(stands);
});
