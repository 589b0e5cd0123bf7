import { describe, expect, it, vi } from 'vitest';
import { answer, codedError, FakeWalletClient, fakeHead, fakePeer, fakeStatus } from '../../test/support/fake-wallet-client.ts';
import { SettlingClock, settle } from '../../test/support/settling-clock.ts';
import { signedTransaction, viewOf } from '../../test/support/wallet-transaction.ts';
import { Address } from '../keys/address.ts';
import { Client } from './client.ts';
import { plainTransactionDetails } from './plain-transaction-details.ts';

const UNIT = 7;
const HEX = '853281002fe41822f9442309a3bf698694dfb7d3';
const FRIENDLY = 'NQ96 GLR8 201F UGC2 5XA4 4C4S 7FT9 GSAD YDXK';
const staker = { balance: 1, delegation: undefined, inactiveBalance: 2, inactiveFrom: 3, inactiveRelease: 4, retiredBalance: 5 };

async function clientOn(fake = new FakeWalletClient(), clock = new SettlingClock()) {
  return { fake, clock, client: await Client.from(fake.native, clock) };
}

describe('the official client, on ours', () => {
  it('tells the network, the head and the versions', async () => {
    const { client } = await clientOn();
    expect(await client.getNetworkId()).toBe(UNIT);
    expect([await client.getHeadHash(), await client.getHeadHeight(), await client.getProtocolVersion(), await client.getVersion()]).toEqual(['a300', 300, 2, 'v000.001.000']);
  });

  it('takes the id of a network with a name of its own from its blocks', async () => {
    const fake = new FakeWalletClient();
    fake.status = fakeStatus('established', 'our-own');
    fake.getBlock.mockResolvedValue({ bytes: Uint8Array.of(1, 6, 2) } as never);
    expect(await (await clientOn(fake)).client.getNetworkId()).toBe(6);
    expect(fake.getBlock).toHaveBeenCalledWith('a300');
  });

  it('is not on a client of another chain', async () => {
    const fake = new FakeWalletClient();
    fake.status = { ...fake.status, network: { ...fake.status.network, details: { chain: 'other' } } };
    await expect(clientOn(fake)).rejects.toMatchObject({ code: 'unsupported' });
  });

  describe('listeners', () => {
    it('have numbers, get no first value, and are removed by number', async () => {
      const { client, fake } = await clientOn();
      const heard: unknown[] = [];
      const handles = [
        await client.addConsensusChangedListener((state) => heard.push(state)),
        await client.addHeadChangedListener((...args) => heard.push(args)),
        await client.addPeerChangedListener((...args) => heard.push(args)),
      ];
      expect(handles).toEqual([1, 2, 3]);
      fake.tell('status', fake.status);
      fake.tell('head', { head: fake.head, adopted: [], reverted: [] });
      fake.tell('peers', fake.peers);
      expect(heard).toEqual([]);
      fake.tell('status', fakeStatus('stale'));
      fake.tell('head', { head: { ...fake.head, latest: fakeHead(301) }, adopted: [fakeHead(301)], reverted: [] });
      fake.tell('peers', []);
      expect(heard).toEqual(['syncing', ['a301', 'extended', [], ['a301']], ['one', 'left', 0, undefined]]);
      for (const handle of [...handles, 99]) await client.removeListener(handle);
      fake.tell('status', fakeStatus());
      fake.tell('peers', [fakePeer('one')]);
      expect(heard).toHaveLength(3);
      expect(fake.events.names).toEqual([]);
    });

    it('of transactions watch addresses until they are removed', async () => {
      const { client, fake } = await clientOn();
      const listener = vi.fn<(details: unknown) => void>();
      const handle = await client.addTransactionListener(listener, [FRIENDLY, HEX, Address.fromString(HEX).serialize(), Address.fromString(HEX)]);
      const [addresses, told] = fake.watch.mock.calls[0] ?? [];
      expect(addresses).toEqual([FRIENDLY, FRIENDLY, FRIENDLY, FRIENDLY]);
      const view = viewOf(signedTransaction(), 301);
      for (const state of ['sent', 'included', 'confirmed'] as const) told?.({ hash: view.hash, state, transaction: state === 'sent' ? undefined : view, addresses: [FRIENDLY] });
      expect(listener.mock.calls).toEqual([[plainTransactionDetails(view, UNIT)]]);
      await client.removeListener(handle);
      expect(fake.stopWatching).toHaveBeenCalledTimes(1);
    });

    it('must be functions, and addresses a list', async () => {
      const { client } = await clientOn();
      const wrong = { code: 'bad-argument', message: 'listener is not a function' };
      for (const add of [client.addConsensusChangedListener, client.addHeadChangedListener, client.addPeerChangedListener]) await expect(add.call(client, 1 as never)).rejects.toMatchObject(wrong);
      await expect(client.addTransactionListener({} as never, [])).rejects.toMatchObject(wrong);
      await expect(client.addTransactionListener(() => {}, FRIENDLY as never)).rejects.toMatchObject({ code: 'bad-argument' });
      await expect(client.addTransactionListener(() => {}, ['x'])).rejects.toMatchObject({ name: 'KeysError' });
    });
  });

  describe('the consensus', () => {
    it('is waited for', async () => {
      const { client, fake } = await clientOn();
      const done = vi.fn<() => void>();
      void client.waitForConsensusEstablished().then(done);
      fake.tell('status', fakeStatus('live-sync'));
      await settle();
      expect(done).not.toHaveBeenCalled();
      fake.tell('status', fakeStatus());
      await settle();
      expect(done).toHaveBeenCalledTimes(1);
      expect(fake.events.names).toEqual([]);
    });

    it('is waited for as long as the caller wants', async () => {
      const { client, fake, clock } = await clientOn();
      const late = client.waitForConsensusEstablished({ timeout: 1000 });
      const given = new AbortController();
      const ended = client.waitForConsensusEstablished({ signal: given.signal });
      const ends = Promise.allSettled([late, ended]);
      await clock.advance(1000);
      given.abort(new Error('enough'));
      expect(await ends).toMatchObject([{ reason: { code: 'timeout' } }, { reason: { message: 'enough' } }]);
      await expect(client.waitForConsensusEstablished({ signal: given.signal })).rejects.toThrow('enough');
      expect([fake.events.names, clock.waiting]).toEqual([[], 0]);
    });

    it('is there or not', async () => {
      const { client, fake } = await clientOn();
      expect(await client.isConsensusEstablished()).toBe(true);
      fake.status = fakeStatus('stale');
      expect(await client.isConsensusEstablished()).toBe(false);
    });
  });

  describe('accounts', () => {
    it('are asked for by addresses in any form, as of the newest block', async () => {
      const { client, fake } = await clientOn();
      fake.ask.mockImplementation((_, [asked]) => (Array.isArray(asked) ? asked.map((_address, balance) => answer({ type: 'basic', balance })) : answer({ type: 'basic', balance: 9 })));
      expect(await client.getAccount(HEX)).toEqual({ type: 'basic', balance: 9 });
      expect(await client.getAccounts([HEX, FRIENDLY])).toEqual([{ type: 'basic', balance: 0 }, { type: 'basic', balance: 1 }]);
      expect(fake.ask.mock.calls).toEqual([['accounts', [FRIENDLY, { asOf: 'latest' }]], ['accounts', [[FRIENDLY, FRIENDLY], { asOf: 'latest' }]]]);
      await expect(client.getAccount('x')).rejects.toMatchObject({ name: 'KeysError' });
    });

    it('are not asked for if there is no address', async () => {
      const { client, fake } = await clientOn();
      expect([await client.getAccounts([]), await client.getStakers([]), await client.getValidators([])]).toEqual([[], [], []]);
      expect(fake.ask).not.toHaveBeenCalled();
    });

    it('of stakers and validators are undefined where there is none', async () => {
      const { client, fake } = await clientOn();
      fake.ask.mockImplementation((question) => ({ staker: answer(staker), stakers: [answer(staker), answer(undefined)], validator: answer(undefined), validators: [answer(undefined)] })[question]);
      expect(await client.getStaker(HEX)).toEqual(staker);
      expect(await client.getStakers([HEX, HEX])).toEqual([staker, undefined]);
      expect(await client.getValidator(HEX)).toBeUndefined();
      expect(await client.getValidators([HEX])).toEqual([undefined]);
      expect(fake.ask.mock.calls.map(([, [, options]]) => options)).toEqual(Array.from({ length: 4 }, () => ({ asOf: 'latest' })));
    });

    it('of elected validators come from the election block', async () => {
      const { client, fake } = await clientOn();
      fake.ask.mockReturnValue(answer([{ address: FRIENDLY, numSlots: 512 }]));
      expect(await client.getElectedValidators()).toEqual([{ address: FRIENDLY, numSlots: 512 }]);
    });
  });

  describe('transactions', () => {
    it('are sent in every form', async () => {
      const { client, fake } = await clientOn();
      const transaction = signedTransaction();
      fake.send.mockResolvedValue({ hash: transaction.hash(), state: 'included', transaction: viewOf(transaction, 301), addresses: [] });
      for (const form of [transaction, transaction.toPlain(), transaction.toHex(), transaction.serialize()]) expect(await client.sendTransaction(form)).toMatchObject({ state: 'included', blockHeight: 301 });
      expect(fake.send.mock.calls.map(([sent]) => sent.serialize())).toEqual(Array.from({ length: 4 }, () => transaction.serialize()));
      await expect(client.sendTransaction('zz')).rejects.toMatchObject({ name: 'KeysError' });
    });

    it('are found by hash, or not in the official words', async () => {
      const { client, fake } = await clientOn();
      const view = viewOf(signedTransaction(), 301);
      fake.ask.mockReturnValueOnce(answer(view));
      expect(await client.getTransaction(view.hash)).toEqual(plainTransactionDetails(view, UNIT));
      for (const code of ['no-answer', 'no-peers']) fake.ask.mockImplementationOnce(() => { throw codedError(code); });
      await expect(client.getTransaction(view.hash)).rejects.toMatchObject({ code: 'not-found', message: 'Transaction not found' });
      await expect(client.getTransaction(view.hash)).rejects.toMatchObject({ code: 'no-peers' });
    });

    it('of an address keep the positions of the parameters', async () => {
      const { client, fake } = await clientOn();
      const views = [viewOf(signedTransaction(1n), 301), viewOf(signedTransaction(2n), 250)];
      fake.list.mockReturnValue({ transactions: views, complete: 'agreed', unproven: [], more: false });
      expect(await client.getTransactionsByAddress(HEX)).toHaveLength(2);
      expect(await client.getTransactionsByAddress(HEX, 300, [], 'ab', 7, 1)).toHaveLength(1);
      expect(await client.getTransactionsByAddress(HEX, null, null, null, null, null)).toHaveLength(2);
      expect(fake.list.mock.calls).toEqual([[FRIENDLY, { before: undefined, limit: 100 }], [FRIENDLY, { before: 'ab', limit: 7 }], [FRIENDLY, { before: undefined, limit: 100 }]]);
      await expect(client.getTransactionsByAddress(HEX, 0, [], null, 501)).rejects.toMatchObject({ code: 'bad-argument', message: 'The maximum number of transactions exceeds the one that is supported' });
      await expect(client.getTransactionsByAddress(HEX, 0, [], null, 10, 2)).rejects.toMatchObject({ code: 'not-enough-peers', data: { wanted: 2, connected: 1 } });
    });

    it('have receipts', async () => {
      const { client, fake } = await clientOn();
      fake.ask.mockReturnValue([{ hash: 'ab', height: 5 }]);
      expect(await client.getTransactionReceiptsByAddress(HEX, 1, 'cd')).toEqual([{ transactionHash: 'ab', blockHeight: 5 }]);
      expect(await client.getTransactionReceiptsByAddress(HEX, 0)).toEqual([]);
      expect(fake.ask.mock.calls).toEqual([['receipts', [FRIENDLY, { before: 'cd', limit: 1 }]]]);
      for (const limit of [501, -1, 1.5]) await expect(client.getTransactionReceiptsByAddress(HEX, limit)).rejects.toMatchObject({ code: 'bad-argument' });
    });
  });

  it('asks for blocks by hash or height only', async () => {
    const { client, fake } = await clientOn();
    await expect(client.getBlock('ab')).rejects.toMatchObject({ code: 'not-found', message: 'Block not found: ab' });
    await expect(client.getHeadBlock()).rejects.toMatchObject({ message: 'Block not found: a300' });
    await expect(client.getBlockAt(5)).rejects.toMatchObject({ message: 'Block not found: 5' });
    expect(fake.getBlock.mock.calls).toEqual([['ab'], ['a300'], [5]]);
    await expect(client.getBlock(5 as never)).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(client.getBlockAt('5' as never)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('lists the peers', async () => {
    const { client } = await clientOn();
    expect(await client.getAddressBook()).toEqual([{ peerId: 'one', address: '/dns4/one.example/tcp/443/wss', type: 'full', services: [] }]);
  });

  it('pauses and resumes this tab', async () => {
    const calls: string[] = [];
    const native = { ...new FakeWalletClient().native, pause: () => void calls.push('pause'), resume: () => void calls.push('resume') };
    const client = await Client.from(native);
    await client.disconnectNetwork();
    await client.connectNetwork();
    expect(calls).toEqual(['pause', 'resume']);
  });

  it('lets go of its listeners, and leaves a client that it did not make', async () => {
    const { client, fake } = await clientOn();
    await client.addConsensusChangedListener(() => {});
    await client.addTransactionListener(() => {}, [HEX]);
    client.free();
    client[Symbol.dispose]();
    expect(fake.events.names).toEqual([]);
    expect(fake.stopWatching).toHaveBeenCalledTimes(1);
    expect(fake.close).not.toHaveBeenCalled();
  });

  it('is not created from a wrong configuration', async () => {
    await expect(Client.create({ networkId: 'x' })).rejects.toMatchObject({ code: 'bad-configuration' });
  });
});
