import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import type { TransactionUpdate, TransactionUpdates } from '../chains/albatross/chain/wallet-views.ts';
import { FollowUpdates } from './follow-updates.ts';

const update = (hash: string, ...addresses: string[]): TransactionUpdate => ({ hash, state: 'included', transaction: undefined, addresses });

/** A hub that answers a question with `since` when the test says so. */
function setup() {
  const open: { readonly addresses: readonly string[]; readonly hashes: readonly string[]; readonly since: number; answer(updates: TransactionUpdates['updates'], next: number): void; fail(code: string): void }[] = [];
  const wrong = new Set<string>();
  const asked = vi.fn<(addresses: readonly string[]) => void>();
  const ask = (_: string, args: readonly unknown[], options?: { readonly signal?: AbortSignal | undefined }) => {
    const [addresses, hashes, since] = args as [readonly string[], readonly string[], number | undefined];
    asked(addresses);
    if (addresses.some((address) => wrong.has(address))) return Promise.reject(Object.assign(new Error('wrong'), { code: 'bad-argument' }));
    if (since === undefined) return Promise.resolve({ updates: [], next: 10 });
    return new Promise<unknown>((resolve, reject) => {
      const question = { addresses, hashes, since, answer: (updates: TransactionUpdates['updates'], next: number) => end(() => resolve({ updates, next })), fail: (code: string) => end(() => reject(Object.assign(new Error(code), { code }))) };
      const end = (how: () => void) => {
        open.splice(open.indexOf(question), 1);
        how();
      };
      options?.signal?.addEventListener('abort', () => end(() => reject(options.signal?.reason as Error)));
      open.push(question);
    });
  };
  const ended = new AbortController();
  const clock = new ManualClock();
  const updates = new FollowUpdates(ask, clock, ended.signal);
  const only = () => vi.waitFor(() => {
    expect(open).toHaveLength(1);
    return open[0]!;
  });
  return { updates, open, only, wrong, asked, ended, clock };
}

describe('FollowUpdates', () => {
  it('asks one question for all listeners, and tells each what it follows', async () => {
    const { updates, open, only } = setup();
    const told: string[] = [];
    updates.follow(['a'], [], ({ hash }) => told.push(`a ${hash}`));
    const stop = updates.follow(['b', 'a'], [], ({ hash }) => told.push(`ab ${hash}`));
    updates.follow([], ['h'], ({ hash }) => told.push(`h ${hash}`));
    await vi.waitFor(() => expect(open).toMatchObject([{ addresses: ['a', 'b'], hashes: ['h'], since: 10 }]));
    (await only()).answer([{ ...update('x', 'A'), subjects: ['a'] }, { ...update('h'), subjects: ['h'] }], 12);
    await vi.waitFor(() => expect(open).toMatchObject([{ since: 12 }]));
    expect(told).toEqual(['a x', 'ab x', 'h h']);
    stop();
    await vi.waitFor(() => expect(open).toMatchObject([{ addresses: ['a'], since: 12 }]));
  });

  it('reports a text that is no address, and goes on for the other listeners', async () => {
    const { updates, only, wrong, asked } = setup();
    wrong.add('bad');
    const uncaught = new Promise<unknown>((resolve) => process.once('uncaughtException', resolve));
    updates.follow(['a'], [], () => {});
    updates.follow(['bad'], [], () => {});
    expect(await uncaught).toMatchObject({ code: 'bad-argument' });
    expect(await only()).toMatchObject({ addresses: ['a'] });
    expect(asked.mock.calls.filter(([addresses]) => addresses.includes('bad'))).toHaveLength(1);
  });

  it('asks again when the time is up, and a while after another failure', async () => {
    const { updates, only, open, clock, asked } = setup();
    updates.follow(['a'], [], () => {});
    (await only()).fail('deadline');
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(3));
    (await only()).fail('hub-lost');
    await vi.waitFor(() => expect(open).toEqual([]));
    clock.advance(2000);
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(4));
  });

  it('asks no more when the last listener is gone, or the client is closed', async () => {
    const { updates, only, open, ended } = setup();
    const stop = updates.follow(['a'], [], () => {});
    await only();
    stop();
    expect(open).toEqual([]);
    updates.follow(['a'], [], () => {});
    await only();
    ended.abort(new Error('closed'));
    expect(open).toEqual([]);
  });
});
