import { expect, it } from 'vitest';
import { RoundTurns } from './round-turns.ts';

const peers = Array.from({ length: 12 }, (_, n) => ({ id: `p${n}` }));
const ids = (some: readonly { readonly id: string }[]) => some.map(({ id }) => Number(id.slice(1)));

it('gives the places of peers that brought nothing to the others', () => {
  const turns = new RoundTurns();
  const first = turns.pick(peers);
  expect(ids(first)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(turns.end(first, 0)).toBe(0);
  const second = turns.pick(peers);
  expect(ids(second)).toEqual([8, 9, 10, 11, 0, 1, 2, 3]);
  expect(turns.end(second, 3)).toBe(3);
  expect(ids(turns.pick(peers)).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 8, 9, 10, 11]);
});
