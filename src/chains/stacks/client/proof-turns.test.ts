import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { ProofTurns } from './proof-turns.ts';

const { signal } = new AbortController();
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('proofs at several gateways', () => {
  it('run one after the other, also after one that failed', async () => {
    const turns = new ProofTurns(new ManualClock());
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const a = turns.run(async () => {
      order.push('a');
      await first.promise;
      throw new Error('no answer');
    }, signal);
    const b = turns.run(async () => order.push('b'), signal);
    await settle();
    expect(order).toEqual(['a']);
    first.resolve();
    await expect(a).rejects.toThrow('no answer');
    await b;
    expect(order).toEqual(['a', 'b']);
  });

  it('one that hangs holds up the next for five seconds; one that is aborted runs not at all', async () => {
    const clock = new ManualClock();
    const turns = new ProofTurns(clock);
    const order: string[] = [];
    void turns.run(() => new Promise(() => undefined), signal);
    const own = new AbortController();
    const aborted = turns.run(async () => order.push('aborted'), own.signal);
    own.abort(new Error('closed'));
    await expect(aborted).rejects.toThrow('closed');
    const late = turns.run(async () => order.push('late'), signal);
    await late;
    void turns.run(() => new Promise(() => undefined), signal);
    const last = turns.run(async () => order.push('last'), signal);
    await settle();
    clock.advance(4_999);
    await settle();
    expect(order).toEqual(['late']);
    clock.advance(1);
    await last;
    expect(order).toEqual(['late', 'last']);
  });
});
