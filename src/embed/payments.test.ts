import { describe, expect, it } from 'vitest';
import type { TransactionUpdate } from '../client/types.ts';
import type { PaymentEvent } from '../widget/protocol.ts';
import { keptIn } from './kept.ts';
import { Payments, type PaymentsOptions } from './payments.ts';

const hash = 'cd'.repeat(32);
const update = (state: TransactionUpdate['state'], blockHeight?: number): TransactionUpdate => ({ hash, state, addresses: [], transaction: blockHeight === undefined ? undefined : ({ blockHeight } as TransactionUpdate['transaction']) });

function setUp(kept = keptIn(() => ({ getItem: () => null, setItem: () => { throw new Error('full'); } })), host = 'https://shop.example') {
  const sent: Uint8Array[] = [];
  const watchers = new Map<string, (update: TransactionUpdate) => void>();
  const known = { get: undefined as unknown, send: update('sent') as TransactionUpdate | { readonly code: string } };
  const transactions = {
    send: async (bytes: Uint8Array) => {
      sent.push(bytes);
      if ('code' in known.send) throw known.send;
      return known.send;
    },
    watch: (watched: string, listener: (update: TransactionUpdate) => void) => {
      watchers.set(watched, listener);
      return () => watchers.delete(watched);
    },
    get: async () => {
      if (!known.get) throw new Error('no-answer');
      return known.get;
    },
  };
  const events: PaymentEvent[] = [];
  const payments = new Payments({ client: { transactions } as unknown as PaymentsOptions['client'], kept, host, network: 'main-albatross', onEvent: (event) => events.push(event) });
  return { payments, sent, watchers, events, known, kept };
}

describe('payments', () => {
  it('are sent, and followed until they are final', async () => {
    const { payments, sent, watchers, events } = setUp();
    expect(await payments.send('00ff10')).toBe(hash);
    expect(sent).toEqual([Uint8Array.of(0, 255, 16)]);
    expect(payments.following).toBe(true);
    watchers.get(hash)!(update('included', 7));
    watchers.get(hash)!(update('included', 7));
    watchers.get(hash)!(update('reverted'));
    watchers.get(hash)!(update('included', 8));
    watchers.get(hash)!(update('confirmed', 8));
    expect(events).toEqual([{ state: 'sent', hash }, { state: 'included', hash, blockHeight: 7 }, { state: 'reverted', hash }, { state: 'included', hash, blockHeight: 8 }, { state: 'confirmed', hash, blockHeight: 8 }]);
    expect([payments.following, watchers.size]).toEqual([false, 0]);
  });

  it('that no block took are told as expired, and forgotten', async () => {
    const { payments, watchers, events, kept } = setUp();
    await payments.send('00');
    const late = watchers.get(hash)!;
    late(update('expired'));
    expect(events).toEqual([{ state: 'sent', hash }, { state: 'expired', hash }]);
    expect(payments.newest).toEqual({ hash, state: 'expired', blockHeight: undefined });
    expect([payments.following, watchers.size]).toEqual([false, 0]);
    const next = setUp(kept);
    next.payments.resume();
    expect([next.payments.following, next.watchers.size]).toEqual([false, 0]);
  });

  it('that are expired when they are sent are told, and never followed', async () => {
    const { payments, known, watchers, events, kept } = setUp();
    known.send = update('expired');
    expect(await payments.send('00')).toBe(hash);
    expect(events).toEqual([{ state: 'expired', hash }]);
    expect([payments.following, watchers.size]).toEqual([false, 0]);
    const next = setUp(kept);
    next.payments.resume();
    expect(next.payments.following).toBe(false);
  });

  it('whose block was replaced are told as reverted and stay followed, also by the next page, until they are in another block or expire', async () => {
    for (const [end, events] of [
      [update('confirmed', 9), [{ state: 'confirmed', hash, blockHeight: 9 }]],
      [update('expired'), [{ state: 'expired', hash }]],
    ] as const) {
      const first = setUp();
      await first.payments.send('00');
      first.watchers.get(hash)!(update('included', 7));
      first.watchers.get(hash)!(update('reverted'));
      expect(first.events.at(-1)).toEqual({ state: 'reverted', hash });
      expect([first.payments.following, first.watchers.size]).toEqual([true, 1]);
      const next = setUp(first.kept);
      next.payments.resume();
      expect(next.payments.following).toBe(true);
      next.watchers.get(hash)!(end);
      expect(next.events).toEqual(events);
      expect([next.payments.following, next.watchers.size]).toEqual([false, 0]);
    }
  });

  it('that cannot be sent are errors, and not followed', async () => {
    const { payments, known } = setUp();
    known.send = { code: 'not-sent' };
    await expect(payments.send('00')).rejects.toMatchObject({ code: 4900, data: { reason: 'not-sent' } });
    known.send = { code: 'invalid-transaction' };
    await expect(payments.send('00')).rejects.toMatchObject({ code: -32602, data: { reason: 'invalid-transaction' } });
    known.send = { code: 'hub-lost' };
    await expect(payments.send('00')).rejects.toMatchObject({ code: 4900, data: { reason: 'network' } });
    expect(payments.following).toBe(false);
  });

  it('are found again by the next page of the same host, and forgotten when they are final', async () => {
    const first = setUp();
    await first.payments.send('00');
    const other = setUp(first.kept, 'https://other.example');
    other.payments.resume();
    expect(other.payments.following).toBe(false);
    const again = setUp(first.kept);
    again.known.get = { value: { state: 'confirmed', blockHeight: 9 } };
    again.payments.resume();
    await expect.poll(() => again.events).toEqual([{ state: 'confirmed', hash, blockHeight: 9 }]);
    expect(again.payments.following).toBe(false);
    const last = setUp(first.kept);
    last.payments.resume();
    expect(last.payments.following).toBe(false);
  });

  it('reads nothing from damaged records', () => {
    for (const text of ['{', '5', '[5, null, {"hash": "x"}]', JSON.stringify([{ hash, host: 5, network: 'main-albatross' }])]) {
      const { payments } = setUp(keptIn(() => ({ getItem: () => text, setItem: () => undefined })));
      payments.resume();
      expect(payments.following).toBe(false);
    }
  });
});
