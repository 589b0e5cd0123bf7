import { describe, expect, it } from 'vitest';
import { answer, codedError, FakeWalletClient, fakeHead } from '../../test/support/fake-wallet-client.ts';
import { signedTransaction, viewOf } from '../../test/support/wallet-transaction.ts';
import type { TransactionView } from '../client/types.ts';
import { plainTransactionDetails, type PlainTransactionDetails } from './plain-transaction-details.ts';
import { TransactionHistory, type HistoryQuestion } from './transaction-history.ts';

const UNIT = 7;
const ADDRESS = 'NQ96 GLR8 201F UGC2 5XA4 4C4S 7FT9 GSAD YDXK';
/** Newest first: value 1 at height 301, and so on. */
const views = Array.from({ length: 250 }, (_, i): TransactionView => viewOf(signedTransaction(BigInt(i + 1)), 301 - i));
const hashes = (list: readonly { readonly hash: string }[]) => list.map(({ hash }) => hash);
const question: HistoryQuestion = { address: ADDRESS, since: 0, known: [], startAt: undefined, limit: 500 };

/** A client that has these transactions at head 301. */
function fakeWith(all: readonly TransactionView[]): FakeWalletClient {
  const fake = new FakeWalletClient();
  fake.head = { known: true, latest: fakeHead(301), final: fakeHead(296, 'checkpoint') };
  fake.list.mockImplementation((_, { before, limit = 20 }) => {
    const from = before === undefined ? 0 : all.findIndex(({ hash }) => hash === before) + 1;
    const transactions = all.slice(from, from + limit);
    return { transactions, complete: 'agreed', unproven: [], more: transactions.length === limit };
  });
  return fake;
}

async function asked(fake: FakeWalletClient, given: Partial<HistoryQuestion>): Promise<readonly PlainTransactionDetails[]> {
  return new TransactionHistory(fake.native, UNIT).transactions({ ...question, ...given });
}

const knownAs = (state: PlainTransactionDetails['state'], value: bigint, validityStartHeight?: number): PlainTransactionDetails => ({ ...signedTransaction(value, validityStartHeight).toPlain(), state });
const states = (list: readonly PlainTransactionDetails[]) => list.map(({ state }) => state);

describe('the history of an address', () => {
  it('comes newest first, page by page, up to the limit', async () => {
    const fake = fakeWith(views);
    expect((await asked(fake, {})).map(({ transactionHash }) => transactionHash)).toEqual(hashes(views));
    expect(fake.list.mock.calls.map(([address, { before, limit }]) => [address, before, limit])).toEqual([
      [ADDRESS, undefined, 100], [ADDRESS, views[99]?.hash, 100], [ADDRESS, views[199]?.hash, 100],
    ]);
    const fewer = fakeWith(views);
    expect(await asked(fewer, { limit: 3 })).toEqual(views.slice(0, 3).map((view) => plainTransactionDetails(view, UNIT)));
    expect(fewer.list.mock.calls.map(([, { limit }]) => limit)).toEqual([3]);
    expect(await asked(fakeWith(views), { limit: 0 })).toEqual([]);
  });

  it('begins after a transaction, and ends at a height', async () => {
    expect((await asked(fakeWith(views), { startAt: views[9]?.hash ?? '', limit: 2 })).map(({ transactionHash }) => transactionHash)).toEqual(hashes(views.slice(10, 12)));
    const fake = fakeWith(views);
    expect((await asked(fake, { since: 290 })).map(({ blockHeight }) => blockHeight)).toEqual([301, 300, 299, 298, 297, 296, 295, 294, 293, 292, 291, 290]);
    expect(fake.list).toHaveBeenCalledTimes(1);
  });

  it('has no known transaction twice, and leaves alone those that are final', async () => {
    const fake = fakeWith(views.slice(0, 2));
    expect(await asked(fake, { known: [knownAs('included', 1n), knownAs('new', 2n), knownAs('confirmed', 77n)] })).toHaveLength(2);
    expect(fake.send).not.toHaveBeenCalled();
  });

  it('sends what was in no block again, without waiting', async () => {
    const fake = fakeWith([]);
    const hash = signedTransaction(77n).hash();
    fake.send.mockResolvedValue({ hash, state: 'sent', transaction: undefined, addresses: [] });
    expect(states(await asked(fake, { known: [knownAs('new', 77n), knownAs('pending', 78n)] }))).toEqual(['new', 'new']);
    expect(fake.send.mock.calls.map(([transaction]) => transaction.serialize())).toEqual([signedTransaction(77n).serialize(), signedTransaction(78n).serialize()]);
  });

  it('tells of what the hub sends already', async () => {
    const fake = fakeWith([]);
    fake.sent.mockImplementation(async (hash) => ({ hash, state: 'included', transaction: viewOf(signedTransaction(77n), 300), addresses: [] }));
    expect(await asked(fake, { known: [knownAs('new', 77n)] })).toEqual([plainTransactionDetails(viewOf(signedTransaction(77n), 300), UNIT)]);
    expect(fake.send).not.toHaveBeenCalled();
  });

  it('tells what has expired, what no block may hold, and what cannot be sent now', async () => {
    const fake = fakeWith([]);
    // The window of unit-albatross is 64 blocks, and the next block 302.
    const late = { known: [knownAs('new', 77n, 238)] };
    const told: string[] = [];
    for (const reason of ['unknown-transaction', 'timeout', 'disconnected']) {
      fake.ask.mockImplementationOnce(() => {
        throw Object.assign(codedError('no-answer'), { data: { asked: 2, reason } });
      });
      told.push(...states(await asked(fake, late)));
    }
    expect(told).toEqual(['expired', 'new', 'new']);
    fake.ask.mockImplementationOnce(() => {
      throw codedError('no-peers');
    });
    expect(states(await asked(fake, late))).toEqual(['new']);
    // Without an answer of peers nothing is new of one that a block had taken.
    const included = { ...knownAs('included', 77n, 238), blockHeight: 290 };
    fake.ask.mockImplementationOnce(() => {
      throw codedError('no-peers');
    });
    expect(await asked(fake, { known: [included] })).toEqual([included]);
    // A block took it in time, and the list of its address does not have it.
    fake.ask.mockReturnValueOnce(answer(viewOf(signedTransaction(77n, 238), 290)));
    expect(await asked(fake, late)).toMatchObject([{ state: 'included', blockHeight: 290 }]);
    expect(fake.send).not.toHaveBeenCalled();
    fake.send.mockRejectedValueOnce(codedError('invalid-transaction'));
    expect(states(await asked(fake, { known: [knownAs('new', 77n, 239)] }))).toEqual(['invalidated']);
    fake.send.mockRejectedValueOnce(codedError('not-sent'));
    expect(states(await asked(fake, { known: [knownAs('new', 77n)] }))).toEqual(['new']);
    // Valid only later.
    fake.send.mockRejectedValueOnce(codedError('not-sent'));
    expect(states(await asked(fake, { known: [knownAs('new', 77n, 400)] }))).toEqual(['new']);
  });

  it('proves what was included and is not listed, or sends it again', async () => {
    const fake = fakeWith([]);
    const known = { ...knownAs('included', 77n), blockHeight: 300 };
    fake.ask.mockReturnValueOnce(answer(viewOf(signedTransaction(77n), 299)));
    expect(await asked(fake, { known: [known] })).toMatchObject([{ state: 'included', blockHeight: 299 }]);
    expect(fake.ask.mock.calls).toEqual([['transaction', [known.transactionHash, { height: 300 }]]]);
    fake.ask.mockImplementationOnce(() => {
      throw codedError('no-answer');
    });
    fake.send.mockResolvedValue({ hash: known.transactionHash, state: 'sent', transaction: undefined, addresses: [] });
    const [again] = await asked(fake, { known: [known] });
    expect(again).toEqual(knownAs('new', 77n));
  });
});
