import { describe, expect, it } from 'vitest';
import { codedError, FakeWalletClient } from '../../test/support/fake-wallet-client.ts';
import { settle, SettlingClock } from '../../test/support/settling-clock.ts';
import { signedTransaction, viewOf } from '../../test/support/wallet-transaction.ts';
import type { TransactionUpdate } from '../client/types.ts';
import { sendTransaction } from './send-transaction.ts';

const UNIT = 7;
const transaction = signedTransaction();
const hash = transaction.hash();
const plain = transaction.toPlain();
const sent: TransactionUpdate = { hash, state: 'sent', transaction: undefined, addresses: [] };
const included: TransactionUpdate = { hash, state: 'included', transaction: viewOf(transaction, 301), addresses: [] };

/** Sends on a fake client whose follow-up answers are these, one a question; the last one stays. */
async function send(answers: readonly (TransactionUpdate | undefined | Error)[], ms: number) {
  const fake = new FakeWalletClient();
  fake.send.mockResolvedValue(sent);
  let next = 0;
  fake.sent.mockImplementation(async () => {
    const given = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (given instanceof Error) throw given;
    return given;
  });
  const clock = new SettlingClock();
  const result = sendTransaction(transaction, { client: fake.native, clock, networkId: UNIT });
  let settled = false;
  void result.finally(() => (settled = true));
  await settle();
  await clock.advance(ms);
  return { result, settled, fake };
}

describe('sending a transaction', () => {
  it('waits until it is in a block', async () => {
    const { result, settled, fake } = await send([sent, sent, included], 1000);
    expect(settled).toBe(true);
    expect(await result).toEqual({ ...plain, state: 'included', executionResult: true, blockHeight: 301, confirmations: 1, timestamp: 1_700_000_301_000 });
    expect(fake.send.mock.calls.map(([given]) => given.serialize())).toEqual([transaction.serialize()]);
  });

  it('is new after ten seconds, and not before', async () => {
    expect((await send([sent], 9_850)).settled).toBe(false);
    expect(await (await send([sent], 10_000)).result).toEqual({ ...plain, state: 'new' });
  });

  it('is new although it cannot be followed, and after its block was replaced', async () => {
    expect(await (await send([codedError('busy')], 10_000)).result).toEqual({ ...plain, state: 'new' });
    expect(await (await send([undefined], 10_000)).result).toEqual({ ...plain, state: 'new' });
    expect(await (await send([{ ...included, state: 'reverted' }], 10_000)).result).toEqual({ ...plain, state: 'new' });
  });

  it('ends when it has expired', async () => {
    const { result, settled } = await send([{ ...sent, state: 'expired' }], 1000);
    expect(settled).toBe(true);
    expect(await result).toEqual({ ...plain, state: 'expired' });
  });

  it('rejects if it is not sent', async () => {
    const fake = new FakeWalletClient();
    fake.send.mockRejectedValue(codedError('invalid-transaction'));
    await expect(sendTransaction(transaction, { client: fake.native, clock: new SettlingClock(), networkId: UNIT })).rejects.toMatchObject({ code: 'invalid-transaction' });
  });
});
