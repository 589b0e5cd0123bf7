import { expect, it } from 'vitest';
import { MemoryRows } from './memory-rows.ts';
import { OwnedRows } from './owned-rows.ts';
import { StateRows } from './state-rows.ts';

function setup(rows = new MemoryRows()) {
  const owned = new OwnedRows(rows, new Uint8Array(32));
  return { rows, owned, state: new StateRows(owned) };
}
const bytes = (...values: number[]) => Uint8Array.from(values);

it('writes changed entries with the head, and loads them ascending by key', async () => {
  const { rows, owned, state } = setup();
  await owned.write({ durability: 'relaxed', writes: [...state.changes([[bytes(200), bytes(1)], [bytes(3), bytes(2)], [bytes(), bytes(9)], [bytes(3, 0), bytes()]]), owned.sealed('meta', 'head', bytes(1))] });
  await owned.write({ durability: 'relaxed', writes: state.changes([[bytes(200), bytes(5, 6)], [bytes(3), undefined], [bytes(77), undefined]]) });
  expect(await setup(rows).state.load()).toEqual([[bytes(), bytes(9)], [bytes(3, 0), bytes()], [bytes(200), bytes(5, 6)]]);
});

it('replaces the whole state in one transaction', async () => {
  const { owned, state } = setup();
  await owned.write({ durability: 'relaxed', writes: state.changes([[bytes(1), bytes(1)]]) });
  await owned.write({ durability: 'relaxed', clear: ['state'], writes: state.changes([[bytes(2), bytes(2)]]) });
  expect(await state.load()).toEqual([[bytes(2), bytes(2)]]);
});

it('does not load a state with a damaged row', async () => {
  const { rows, owned, state } = setup();
  expect(await state.load()).toEqual([]);
  await owned.write({ durability: 'relaxed', writes: state.changes(Array.from({ length: 1_500 }, (_, index) => [bytes(index >> 8, index & 255), bytes(1)] as const)) });
  expect(await state.load()).toHaveLength(1_500);
  const [row] = await rows.get([{ table: 'state', key: '0404' }]);
  await owned.write({ durability: 'relaxed', writes: [{ table: 'state', key: '0404', value: row!.fill(7, row!.length - 1) }] });
  expect(await state.load()).toBeUndefined();
});
