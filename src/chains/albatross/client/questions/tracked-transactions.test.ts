import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../../test/support/manual-clock.ts';
import { Emitter } from '../../../../base/emitter.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import type { ChainEvents } from '../../chain/chain-change.ts';
import type { ChainGround } from './chain-ground.ts';
import type { KeptHistory } from './kept-history.ts';
import { TrackedTransactions } from './tracked-transactions.ts';

const hashOf = (n: number) => n.toString(16).padStart(64, '0');

/** A chain that stands still, and peers that can prove nothing. */
function setup() {
  const events = new Emitter<ChainEvents>();
  const clock = new ManualClock();
  const ended = new AbortController();
  const entry = vi.fn<KeptHistory['entry']>(() => Promise.reject(new QuestionError('no-answer')));
  const block = { height: 300 };
  const tracked = new TrackedTransactions({
    history: { entry } as unknown as KeptHistory,
    ground: { chain: { events, head: block, macroHead: block } } as unknown as ChainGround,
    clock, signal: ended.signal,
  });
  const publish = vi.fn<() => Promise<number>>(async () => 1);
  /** A macro block at this height. */
  const final = (height: number) => {
    block.height = height;
    events.emit('change', { kind: 'finalized', adopted: [], reverted: [] });
  };
  /** A micro block, and the clock's turn after it. */
  const next = () => {
    events.emit('change', { kind: 'extended', adopted: [], reverted: [] });
    clock.advance(0);
  };
  return { tracked, entry, publish, final, block: next, clock };
}

describe('TrackedTransactions', () => {
  it('does not call a transaction sent that a peer only says to exist', () => {
    const { tracked } = setup();
    tracked.said(hashOf(1), 250, 'a');
    expect(tracked.get(hashOf(1))).toBeUndefined();
  });

  it('keeps what was sent here, and sends it again, however many transactions peers invent', () => {
    const { tracked, publish, final } = setup();
    tracked.sent(hashOf(0), ['a'], { validUntil: 1000, publish });
    for (let n = 1; n < 5000; n++) tracked.said(hashOf(n), 250, 'a');
    expect(tracked.get(hashOf(0))).toMatchObject({ state: 'sent' });
    final(332);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it('has expired when its window is over and peers know nothing of it, and not when none could be asked', async () => {
    const { tracked, entry, publish, final, clock } = setup();
    tracked.sent(hashOf(0), ['a'], { validUntil: 1000, publish });
    entry.mockRejectedValueOnce(new QuestionError('no-peers')).mockRejectedValueOnce(new QuestionError('no-answer', { reason: 'timeout' }));
    for (const looks of [1, 2]) {
      final(1000);
      clock.advance(0);
      await vi.waitFor(() => expect(entry).toHaveBeenCalledTimes(looks));
      expect(tracked.get(hashOf(0))).toMatchObject({ state: 'sent' });
      await new Promise((resolve) => setTimeout(resolve));
    }
    final(1000);
    clock.advance(0);
    await vi.waitFor(() => expect(tracked.get(hashOf(0))).toMatchObject({ state: 'expired' }));
    expect(publish).not.toHaveBeenCalled();
  });

  it('has not expired on one denial, while a peer that may know it did not answer', async () => {
    const { tracked, entry, publish, final, clock } = setup();
    tracked.sent(hashOf(0), ['a'], { validUntil: 1000, publish });
    const look = async (data: { readonly asked: number; readonly unheard: number; readonly reason: string }) => {
      entry.mockRejectedValueOnce(new QuestionError('no-answer', data));
      final(1000);
      clock.advance(0);
      await new Promise((resolve) => setTimeout(resolve));
      return tracked.get(hashOf(0))?.state;
    };
    expect(await look({ asked: 2, unheard: 1, reason: 'TransactionNotFound' })).toBe('sent');
    expect(await look({ asked: 12, unheard: 12, reason: 'rate-limited' })).toBe('sent');
    // Silent peers alone do not keep it from being told.
    expect(await look({ asked: 3, unheard: 1, reason: 'timeout' })).toBe('expired');
  });

  it('sends a transaction again that a peer named before it was sent', () => {
    const { tracked, publish, final } = setup();
    tracked.said(hashOf(0), 250, 'a');
    tracked.sent(hashOf(0), ['a'], { validUntil: 1000, publish });
    final(332);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it('looks for what was sent here with each of the next blocks, and not with every later one', async () => {
    const { tracked, entry, publish, block } = setup();
    tracked.sent(hashOf(1), [], { validUntil: 1_000_000, publish });
    for (let looks = 1; looks <= 4; looks += 1) {
      block();
      await vi.waitFor(() => expect(entry).toHaveBeenCalledTimes(looks));
    }
    for (let n = 0; n < 20; n += 1) block();
    await new Promise((resolve) => setTimeout(resolve));
    expect(entry).toHaveBeenCalledTimes(4);
  });

  it('a peer that names a false height makes no transaction expire, and hides none that another peer names rightly', async () => {
    const { tracked, entry, publish, final, clock } = setup();
    const unknown = new QuestionError('no-answer', { reason: 'TransactionNotFound' });
    // It is in a block that the peers that could be asked without its height do not tell.
    entry.mockImplementation((_, height) => Promise.reject(height === undefined ? new QuestionError('no-peers') : unknown));
    tracked.sent(hashOf(0), ['a'], { validUntil: 1000, publish });
    tracked.said(hashOf(0), 250, 'honest');
    tracked.said(hashOf(0), 9, 'liar');
    final(1000);
    clock.advance(0);
    await new Promise((resolve) => setTimeout(resolve));
    expect(tracked.get(hashOf(0))?.state).toBe('sent');
    expect(entry.mock.calls.map(([, height]) => height)).toEqual([250, 9, undefined]);
    entry.mockClear();
    tracked.said(hashOf(1), 250, 'honest');
    tracked.said(hashOf(1), 9, 'liar');
    clock.advance(0);
    await new Promise((resolve) => setTimeout(resolve));
    expect(entry.mock.calls.flatMap(([hash, height]) => (hash === hashOf(1) ? [height] : []))).toEqual([250, 9]);
  });

  it('a peer that invents transactions without end takes no place and no turn from another peer, or from what was sent here', async () => {
    const { tracked, entry, publish, clock } = setup();
    const asked = () => new Set(entry.mock.calls.map(([hash]) => hash));
    // Each question takes two seconds, and then nobody could prove the transaction.
    entry.mockImplementation(() => new Promise((_, reject) => void clock.after(2_000, () => reject(new QuestionError('no-answer')))));
    for (let n = 100; n < 300; n += 1) tracked.said(hashOf(n), 250, 'liar');
    clock.advance(0);
    tracked.said(hashOf(1), 250, 'honest');
    tracked.sent(hashOf(2), [], { validUntil: 1_000_000, publish });
    for (let tick = 0; tick < 50; tick += 1) {
      for (let n = 100; n < 300; n += 1) tracked.said(hashOf(n), 250, 'liar');
      clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked()).toContain(hashOf(1));
    expect(asked()).toContain(hashOf(2));
    // What one peer repeats is not looked for again and again.
    entry.mockClear();
    for (let tick = 0; tick < 3_000; tick += 1) {
      tracked.said(hashOf(100), 250 + tick, 'liar');
      clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(entry.mock.calls.filter(([hash]) => hash === hashOf(100)).length).toBeLessThan(60);
  });
});
