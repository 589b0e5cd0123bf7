import { describe, expect, it } from 'vitest';
import { createTurnTaker } from './yield-turn.ts';

describe('createTurnTaker', () => {
  it('lets timers and messages run in between', async () => {
    const turns = createTurnTaker();
    const timer = { fired: false };
    setTimeout(() => (timer.fired = true), 0);
    while (!timer.fired) await turns.turn();
    turns.close();
    expect(timer.fired).toBe(true);
  });

  it('keeps the order of those who wait, and lets them go when closed', async () => {
    const turns = createTurnTaker();
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((n) => turns.turn().then(() => order.push(n))));
    expect(order).toEqual([1, 2, 3]);
    const last = turns.turn();
    turns.close();
    await last;
  });
});
