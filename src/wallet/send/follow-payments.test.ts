import { describe, expect, it, vi } from 'vitest';
import { answer, codedError, fakeHead } from '../../../test/support/fake-wallet-client.ts';
import { fakeTransaction, QuestionClient } from '../../../test/support/question-client.ts';
import type { TransactionUpdate } from '../../client/types.ts';
import { keptValue } from '../kept/kept-value.ts';
import { addPayment, type Payment, readPayments } from '../kept/payments.ts';
import { followPayments, type PaymentsClient } from './follow-payments.ts';

const HASH = 'ab'.repeat(32);
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const payment = (fields: Partial<Payment> = {}): Payment => ({ hash: HASH, bytes: '0102', sender: RICH, recipient: RICH, value: '5', fee: '0', message: '', start: 200, time: 1, state: 'sent', ...fields });
const update = (state: TransactionUpdate['state']): TransactionUpdate => ({ hash: HASH, state, transaction: undefined, addresses: [] });

function start(known: TransactionUpdate | undefined) {
  const world = new QuestionClient();
  const payments = keptValue({ storage: undefined, key: 'p', read: readPayments });
  addPayment(payments, payment());
  const get = vi.fn<PaymentsClient['transactions']['get']>(async () => {
    throw codedError('no-answer');
  });
  const send = vi.fn<PaymentsClient['transactions']['send']>(async () => update('sent'));
  const status = vi.fn<PaymentsClient['transactions']['status']>(async () => known);
  const stop = followPayments({ on: world.client.on, transactions: { watch: world.client.transactions.watch, get, send, status } }, payments, 100);
  return { world, payments, get, send, status, stop, state: () => payments.get()[0]?.state };
}

describe('payments that were signed here', () => {
  it('are followed until they are final, and not after that', async () => {
    const { world, state } = start(undefined);
    world.tell('included', HASH);
    expect(state()).toBe('included');
    world.tell('confirmed', HASH);
    expect(state()).toBe('confirmed');
    expect(world.watchers.size).toBe(0);
  });

  it('are asked for in the chain when the hub has forgotten them', async () => {
    const { world, get, send, payments } = start(undefined);
    get.mockResolvedValue(answer({ ...fakeTransaction(HASH), blockHeight: 250 }));
    world.establish();
    await vi.waitFor(() => expect(payments.get()[0]).toMatchObject({ state: 'confirmed', height: 250 }));
    expect(send).not.toHaveBeenCalled();
  });

  it('are sent again as long as they can be valid', async () => {
    const { world, send, state } = start(undefined);
    world.status('established');
    world.head(fakeHead(260), fakeHead(256));
    await vi.waitFor(() => expect(send).toHaveBeenCalledWith(Uint8Array.of(1, 2)));
    expect(state()).toBe('sent');
  });

  it('have expired when no final block of their window has them', async () => {
    const { world, send, state } = start(undefined);
    world.status('established');
    world.head(fakeHead(310), fakeHead(300));
    await vi.waitFor(() => expect(state()).toBe('expired'));
    expect(send).not.toHaveBeenCalled();
  });

  it('have not expired as long as no peer could be asked for them', async () => {
    const { world, get, send, state } = start(undefined);
    get.mockRejectedValueOnce(codedError('no-peers')).mockRejectedValueOnce(Object.assign(codedError('no-answer'), { data: { reason: 'timeout' } }));
    world.status('established');
    for (const asked of [1, 2]) {
      world.head(fakeHead(310 + asked), fakeHead(300 + asked));
      await vi.waitFor(() => expect(get).toHaveBeenCalledTimes(asked));
      expect(state()).toBe('sent');
    }
    expect(send).not.toHaveBeenCalled();
    world.head(fakeHead(320), fakeHead(310));
    await vi.waitFor(() => expect(state()).toBe('expired'));
  });

  it('are what the hub says, if it knows them', async () => {
    const { world, get, state } = start(update('reverted'));
    world.establish();
    await vi.waitFor(() => expect(state()).toBe('reverted'));
    expect(get).not.toHaveBeenCalled();
  });
});
