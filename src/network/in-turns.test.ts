import { expect, it } from 'vitest';
import { createTurnTaker } from '../base/yield-turn.ts';
import { inTurns } from './in-turns.ts';

const { turn } = createTurnTaker();
const piece = (n: number) => Uint8Array.of(n);

it('issue 11: pieces that arrive in one task are handled in order, four per turn', async () => {
  const handled: number[] = [];
  const take = inTurns(([n = 0]) => handled.push(n), () => {});
  for (let n = 0; n < 10; n += 1) take(piece(n));
  expect(handled).toEqual([0, 1, 2, 3]);
  await turn();
  expect(handled).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  take(piece(10));
  await turn();
  expect(handled).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  take(piece(11));
  expect(handled.at(-1)).toBe(11);
});

it('ends with the first piece that is refused', async () => {
  const errors: string[] = [];
  let handled = 0;
  const take = inTurns(([n = 0]) => {
    if (n === 5) throw new Error('five');
    handled += 1;
  }, ({ message }) => errors.push(message));
  for (let n = 0; n < 10; n += 1) take(piece(n));
  await turn();
  await turn();
  expect([errors, handled]).toEqual([['five'], 5]);
});
