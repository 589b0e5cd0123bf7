import { describe, expect, it, vi } from 'vitest';
import { codedError, fakeHead } from '../../test/support/fake-wallet-client.ts';
import { QuestionClient } from '../../test/support/question-client.ts';
import type { AccountView, Answer, Finality } from '../client/types.ts';
import { accountStore } from './answer-stores.ts';

const balance = (amount: number, height: number, finality: Finality = 'pending'): Answer<AccountView> => ({
  value: { type: 'basic', balance: amount },
  level: 'proven',
  finality,
  block: { height, hash: `a${height}`, timestamp: 1 },
});

function start() {
  const world = new QuestionClient();
  const store = accountStore(world.client, 'NQ07');
  const stop = store.subscribe(() => {});
  return { world, store, stop };
}

describe('the store of an account', () => {
  it('is the same for all components, and asks and listens once, as long as there is any component', () => {
    const { world, store, stop } = start();
    expect(accountStore(world.client, 'NQ07')).toBe(store);
    expect(accountStore(world.client, 'NQ08')).not.toBe(store);
    const other = store.subscribe(() => {});
    world.establish();
    expect(world.asked).toHaveLength(1);
    expect(world.watchers.size).toBe(1);
    stop();
    expect(world.asked).toHaveLength(1);
    other();
    expect(world.asked).toEqual([]);
    expect(world.watchers.size).toBe(0);
  });

  it('asks only once the client follows the head', () => {
    const { world } = start();
    world.status('lost');
    world.head(fakeHead(300), fakeHead(296));
    expect(world.asked).toEqual([]);
    world.status('established');
    expect(world.asked).toHaveLength(1);
  });

  it('has the newest balance, and beside it the final one as soon as there is one', async () => {
    const { world, store } = start();
    world.establish();
    world.asked[0]?.answer(balance(5, 300));
    await vi.waitFor(() => expect(store.get()).toEqual({ latest: balance(5, 300), final: undefined, error: undefined }));
    world.head(fakeHead(328, 'checkpoint'), fakeHead(328, 'checkpoint'));
    const final = { ...balance(5, 300, 'final'), pending: balance(7, 329) };
    world.asked.at(-1)?.answer(final);
    await vi.waitFor(() => expect(store.get()).toEqual({ latest: balance(7, 329), final, error: undefined }));
    world.tell('included');
    world.asked.at(-1)?.answer(balance(8, 330));
    await vi.waitFor(() => expect(store.get()).toEqual({ latest: balance(8, 330), final, error: undefined }));
  });

  it('takes an answer that is final already for both', async () => {
    const { world, store } = start();
    world.establish();
    world.asked[0]?.answer(balance(5, 296, 'final'));
    await vi.waitFor(() => expect(store.get().final).toEqual(balance(5, 296, 'final')));
    expect(store.get().latest).toBe(store.get().final);
    expect(world.questions).toHaveLength(1);
  });

  it('asks again at the end of a batch, after a revert and for an update, not for each block or a transaction that was only sent', () => {
    const { world } = start();
    world.establish();
    const count = (change: () => void) => {
      const before = world.questions.length;
      change();
      return world.questions.length - before;
    };
    expect(count(() => world.head(fakeHead(301), fakeHead(296)))).toBe(0);
    expect(count(() => world.head(fakeHead(328, 'checkpoint'), fakeHead(328, 'checkpoint')))).toBe(1);
    expect(count(() => world.head(fakeHead(329, 'micro', 'b'), fakeHead(328, 'checkpoint'), [fakeHead(329)]))).toBe(1);
    expect(count(() => world.tell('sent'))).toBe(0);
    expect((['included', 'confirmed', 'reverted'] as const).map((state) => count(() => world.tell(state)))).toEqual([1, 1, 1]);
    expect(count(() => world.status('established', 0))).toBe(1);
  });

  it('takes no answer to an older question after that to a newer one, and lets the oldest go on', async () => {
    const { world, store } = start();
    world.establish();
    const [first] = world.asked;
    for (let i = 0; i < 3; i++) world.tell('included');
    expect(world.asked).toHaveLength(2);
    expect(world.asked[0]).toBe(first);
    world.asked[1]?.answer(balance(7, 301));
    await vi.waitFor(() => expect(store.get().latest?.value.balance).toBe(7));
    first?.answer(balance(5, 300));
    await Promise.resolve();
    await Promise.resolve();
    expect(store.get().latest?.value.balance).toBe(7);
  });

  it('tells why there is no answer, keeps what it had, and asks again when there are peers again', async () => {
    const { world, store } = start();
    world.establish();
    world.asked[0]?.answer(balance(5, 300));
    await vi.waitFor(() => expect(store.get().latest).toBeDefined());
    world.status('established', 0);
    world.asked.at(-1)?.fail(codedError('no-peers'));
    await vi.waitFor(() => expect(store.get().error).toMatchObject({ code: 'no-peers' }));
    expect(store.get().latest?.value.balance).toBe(5);
    world.status('established');
    world.asked.at(-1)?.answer(balance(6, 302));
    await vi.waitFor(() => expect(store.get()).toMatchObject({ latest: { value: { balance: 6 } }, error: undefined }));
  });
});
