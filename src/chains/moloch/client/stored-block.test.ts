import { expect, it } from 'vitest';
import { makeChain, networkOf } from '../../../../test/support/moloch-chain-maker.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import { MolochStore } from '../store/moloch-store.ts';
import { parametersHash } from '../store/stored-records.ts';
import { MolochChain } from './moloch-chain.ts';
import { storedBlock } from './stored-block.ts';

const made = makeChain(40);
const items = made.map(({ item }) => item);
const network = networkOf(made[0]!);

it('finds a stored final block by height and hash, and nothing that the range has not', async () => {
  const store = new MolochStore(new OwnedRows(new MemoryRows(), parametersHash(network)), () => true);
  const chain = new MolochChain({ network, now: () => Number.MAX_SAFE_INTEGER, sink: { blocks: (some) => store.append(some), replaced: async () => undefined } });
  await chain.apply(items.slice(1, 40));
  const { id } = items[7]!;
  const view = await chain.block(7);
  expect(view).toMatchObject({ hash: id, height: 7, place: 'chain' });
  expect([await storedBlock(chain, store, id), await storedBlock(chain, store, 7)]).toEqual([view, view]);
  for (const none of ['ab'.repeat(32), 41, 0]) expect(await storedBlock(chain, store, none)).toBeUndefined();
  // Another block in its row.
  expect(await storedBlock(chain, { block: async () => items[8] }, id)).toBeUndefined();
  expect(await storedBlock(chain, { block: async () => ({ ...items[7]!, block: { ...items[7]!.block, events: [] } }) }, id)).toBeUndefined();
});
