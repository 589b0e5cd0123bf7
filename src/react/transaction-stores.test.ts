import { describe, expect, it, vi } from 'vitest';
import { codedError, fakeHead } from '../../test/support/fake-wallet-client.ts';
import { fakeTransaction, QuestionClient } from '../../test/support/question-client.ts';
import type { Answer, TransactionPage, TransactionView } from '../client/types.ts';
import { transactionListStore } from './transaction-list-store.ts';
import { transactionStore } from './transaction-store.ts';

const standing = <T>(value: T): Answer<T> => ({ value, level: 'proven', finality: 'pending', block: { height: 300, hash: 'a300', timestamp: 1 } });
const page = (hashes: string, more = false): Answer<TransactionPage> => standing({ transactions: Array.from(hashes, (hash) => fakeTransaction(hash)), complete: 'agreed', unproven: [], more });

describe('the store of a transaction', () => {
  function start() {
    const world = new QuestionClient();
    const store = transactionStore(world.client, 'aa');
    const stop = store.subscribe(() => {});
    return { world, store, stop };
  }
  const proven = (state: TransactionView['state']) => standing(fakeTransaction('aa', state));

  it('is followed until it is final, and not asked for after that', async () => {
    const { world, store } = start();
    world.tell('sent');
    expect(store.get().state).toBe('sent');
    world.establish();
    world.asked.at(-1)?.answer(proven('included'));
    await vi.waitFor(() => expect(store.get()).toMatchObject({ state: 'included', answer: proven('included') }));
    world.tell('confirmed');
    expect(world.asked.at(-1)?.options.height).toBe(300);
    world.asked.at(-1)?.answer(proven('confirmed'));
    await vi.waitFor(() => expect(store.get().state).toBe('confirmed'));
    const before = world.questions.length;
    world.head(fakeHead(328), fakeHead(328));
    expect(world.questions).toHaveLength(before);
  });

  it('has no proof any more when its block was reverted', async () => {
    const { world, store } = start();
    world.establish();
    world.asked.at(-1)?.answer(proven('included'));
    await vi.waitFor(() => expect(store.get().answer).toBeDefined());
    world.tell('reverted');
    expect(store.get()).toEqual({ state: 'reverted', answer: undefined, error: undefined });
  });

  it('tells why nobody could prove it', async () => {
    const { world, store } = start();
    world.establish();
    world.asked.at(-1)?.fail(codedError('no-answer'));
    await vi.waitFor(() => expect(store.get().error).toMatchObject({ code: 'no-answer' }));
  });
});

describe('the store of the transactions of an address', () => {
  function start() {
    const world = new QuestionClient();
    const store = transactionListStore(world.client, 'NQ07');
    const stop = store.subscribe(() => {});
    world.establish();
    const shown = () => store.get().transactions?.map(({ hash }) => hash).join('');
    return { world, store, stop, shown };
  }

  it('shows the newest page, older ones when asked, and new ones above them', async () => {
    const { world, store, shown } = start();
    world.asked.at(-1)?.answer(page('fed', true));
    await vi.waitFor(() => expect(shown()).toBe('fed'));
    store.more();
    store.more();
    expect(store.get().loading).toBe(true);
    expect(world.questions.map(({ options }) => options.before)).toEqual([undefined, 'd']);
    world.asked.at(-1)?.answer(page('cb'));
    await vi.waitFor(() => expect(shown()).toBe('fedcb'));
    expect(store.get()).toMatchObject({ more: false, loading: false });
    world.tell('included');
    world.asked.at(-1)?.answer(page('gfe', true));
    await vi.waitFor(() => expect(shown()).toBe('gfedcb'));
    expect(store.get().more).toBe(false);
  });

  it('keeps what was proven when no peer proves it again', async () => {
    const { world, store, shown } = start();
    world.asked.at(-1)?.answer(page('cb'));
    await vi.waitFor(() => expect(shown()).toBe('cb'));
    world.tell('included');
    world.asked.at(-1)?.answer(standing({ transactions: [], complete: 'claimed', unproven: ['c', 'b', 'x'], more: false }));
    await vi.waitFor(() => expect(store.get().complete).toBe('claimed'));
    expect(shown()).toBe('cb');
    expect(store.get().unproven).toBe(1);
  });

  it('drops the older part if nothing links it to the newest page', async () => {
    const { world, store, shown } = start();
    world.asked.at(-1)?.answer(page('cb', true));
    await vi.waitFor(() => expect(shown()).toBe('cb'));
    store.more();
    const older = world.asked.at(-1);
    world.tell('included');
    world.asked.at(-1)?.answer(page('ihg', true));
    await vi.waitFor(() => expect(shown()).toBe('ihg'));
    older?.answer(page('a'));
    await vi.waitFor(() => expect(store.get().loading).toBe(false));
    expect(shown()).toBe('ihg');
    expect(store.get().more).toBe(true);
  });

  it('keeps what it had when an older page does not come, and stops waiting with the last component', async () => {
    const { world, store, stop, shown } = start();
    world.asked.at(-1)?.answer(page('cb', true));
    await vi.waitFor(() => expect(shown()).toBe('cb'));
    store.more();
    world.asked.at(-1)?.fail(codedError('no-answer'));
    await vi.waitFor(() => expect(store.get()).toMatchObject({ loading: false, more: true, error: { code: 'no-answer' } }));
    expect(shown()).toBe('cb');
    store.more();
    stop();
    expect(world.asked.filter(({ options }) => options.before !== undefined)).toHaveLength(1);
    expect(store.get().loading).toBe(false);
  });
});
