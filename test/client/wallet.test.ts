import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { signedTransfer } from '../../devnet/ledger/signed-transfer.ts';
import type { Answer } from '../../src/engine/questions.ts';
import { decode, encode } from '../../src/base/postcard/codec.ts';
import type { AccountView, StakerView, TransactionPage, TransactionUpdate, TransactionUpdates, TransactionView } from '../../src/chains/albatross/chain/wallet-views.ts';
import { friendlyAddress } from '../../src/chains/albatross/transactions/address-text.ts';
import { transactionHash } from '../../src/chains/albatross/transactions/transaction-hash.ts';
import { transaction as transactionCodec } from '../../src/chains/albatross/wire/transactions.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

const FRIEND = new Uint8Array(20).fill(7);
const friend = friendlyAddress(FRIEND);
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const STAKER = 'NQ39 VBTN P2HX Q3MF KHF1 CCLA G6FS 9B8S VY28';
const NOBODY = '11'.repeat(20);

describe('questions about accounts and transactions', () => {
  let devnet: Devnet;
  let node: NodeClient;

  beforeEach(async () => {
    devnet = await createDevnet({ port: 0, peers: 4, blockTime: 0, seed: 'wallet' });
    node = await startNodeClient({ network: devnet.network });
    await node.until('consensus', (client) => client.getStatus().consensus === 'established');
    await follow(1);
  });
  afterEach(async () => {
    await node?.close();
    await devnet?.close();
  });

  const ask = <T>(question: string, ...args: readonly unknown[]) => node.client.ask(question, args) as Promise<T>;
  async function follow(blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i++) {
      await devnet.produce(1);
      const { hash } = devnet.chain.head;
      await node.until(`head ${hash}`, (client) => client.getHead().latest.hash === hash);
    }
  }
  const balance = async (address: string, options?: object) => (await ask<Answer<AccountView>[]>('accounts', [address], options))[0]!;

  it('proves balances, stakers and absence, at a block of the chain', async () => {
    const { height, hash } = devnet.chain.head;
    expect(await balance(RICH)).toEqual({ value: { type: 'basic', balance: 1_000_000_000_000 }, level: expect.any(String), finality: 'pending', block: { height, hash, timestamp: expect.any(Number) } });
    const [nothing, rich] = await ask<Answer<AccountView>[]>('accounts', [NOBODY, RICH.replaceAll(' ', '')]);
    expect([nothing!.value, rich!.value]).toEqual([{ type: 'basic', balance: 0 }, { type: 'basic', balance: 1_000_000_000_000 }]);
    const [staker, none] = await ask<Answer<StakerView | undefined>[]>('stakers', [STAKER, NOBODY]);
    expect([staker!.value?.balance, none!.value]).toEqual([100_000, undefined]);
    expect(await ask('elected')).toMatchObject({ value: [{ numSlots: 512 }] });
  });

  it('tells a final balance when the macro block is the head', async () => {
    const asked = balance(RICH, { asOf: 'final' });
    await follow(31);
    expect(await asked).toMatchObject({ finality: 'final', value: { balance: 1_000_000_000_000 }, block: { height: 232 } });
  });

  it('tells the final balance of an earlier block if no peer proves it at the macro block', async () => {
    const { height } = devnet.chain.head;
    const from = devnet.log.length;
    const asked = balance(RICH, { asOf: 'final' });
    await devnet.waitFor('request', ({ kind }) => kind === 'trie-proof', { from });
    await devnet.fault('all', { fault: 'trie-incomplete' });
    await follow(31);
    expect(await asked).toMatchObject({ finality: 'final', value: { balance: 1_000_000_000_000 }, block: { height } });
  });

  it('stands on the newest final block that was proven, with the newest block beside it', async () => {
    const transaction = devnet.transfer({ to: FRIEND, value: 12_345, fee: 0 });
    const { height } = devnet.chain.head;
    // No proof of this address is final yet.
    expect(await balance(friend)).toEqual({ value: { type: 'basic', balance: 0 }, level: expect.any(String), finality: 'pending', block: expect.objectContaining({ height }) });
    await follow(32);
    const from = devnet.log.length;
    await ask('send', encode(transactionCodec, transaction));
    await devnet.waitFor('transaction', ({ outcome }) => outcome === 'accepted', { from });
    await follow(1);
    const both = { value: { balance: 0 }, finality: 'final', block: { height }, pending: { value: { balance: 12_345 }, finality: 'pending', block: { height: 234 } } };
    expect(await balance(friend)).toMatchObject(both);
    expect(await balance(friend, { asOf: 'latest' })).toEqual({ ...both.pending, value: { type: 'basic', balance: 12_345 }, level: expect.any(String), block: expect.objectContaining({ height: 234 }) });
    // Each address of one question has its own.
    expect(await ask('accounts', [friend, RICH])).toMatchObject([both, { finality: 'pending', block: { height: 234 } }]);
    await follow(30);
    expect(devnet.chain.head.height).toBe(264);
    const atTheHead = await balance(friend);
    expect(atTheHead).toMatchObject({ value: { balance: 12_345 }, finality: 'final', block: { height: 264 } });
    expect(atTheHead).not.toHaveProperty('pending');
  });

  it('refuses what it cannot answer, with a code', async () => {
    const code = (question: string, ...args: readonly unknown[]) => ask(question, ...args).then(() => 'answered', (error: { readonly code: string }) => error.code);
    expect(await code('nothing')).toBe('unknown-question');
    expect(await code('accounts', 'NQ46')).toBe('bad-argument');
    expect(await code('accounts', ['NQ46'])).toBe('bad-argument');
    expect(await code('transaction', 'ab')).toBe('bad-argument');
    expect(await code('transaction', 'ab'.repeat(32))).toBe('no-answer');
    expect(await code('send', new Uint8Array(3))).toBe('invalid-transaction');
    expect(await code('accounts', [RICH], { minLevel: 'much' })).toBe('bad-argument');
  });

  it('sends a transaction, and follows it until it is final', async () => {
    const transaction = devnet.transfer({ to: FRIEND, value: 12_345, fee: 200 });
    const hash = transactionHash(transaction);
    const told: string[] = [];
    const { next } = await ask<TransactionUpdates>('updates', [friend], [], undefined);
    const listen = async (since: number): Promise<void> => {
      const { updates, next: then } = await ask<TransactionUpdates>('updates', [friend], [], since);
      told.push(...updates.map(({ state }) => state));
      if (!told.includes('confirmed')) await listen(then);
    };
    const heard = listen(next);
    const from = devnet.log.length;
    expect(await ask<TransactionUpdate>('send', encode(transactionCodec, transaction))).toMatchObject({ hash, state: 'sent' });
    await devnet.waitFor('transaction', ({ outcome }) => outcome === 'accepted', { from });
    await follow(1);
    const included = devnet.chain.head.height;
    await vi.waitFor(async () => expect(await ask('update', hash)).toMatchObject({ state: 'included', transaction: { blockHeight: included, value: 12_345, fee: 200, sender: RICH, recipient: friend } }));
    expect((await balance(friend)).value).toEqual({ type: 'basic', balance: 12_345 });
    expect(await ask<Answer<TransactionView>>('transaction', hash)).toMatchObject({ value: { hash, state: 'included' }, finality: 'pending' });
    await follow(32);
    await heard;
    expect(told).toEqual(['sent', 'included', 'confirmed']);
    const page = await ask<Answer<TransactionPage>>('transactions', friend, undefined, 20);
    expect(page.value).toMatchObject({ complete: 'agreed', unproven: [], more: false, transactions: [{ hash, state: 'confirmed', blockHeight: included }] });
  });

  it.each([1, 30])('A7: tells that the block of a transaction was replaced with %i blocks, sends it again, and corrects the balance', async (depth) => {
    const transaction = devnet.transfer({ to: FRIEND, value: 12_345, fee: 0 });
    const hash = transactionHash(transaction);
    const { next } = await ask<TransactionUpdates>('updates', [], [hash], undefined);
    const from = devnet.log.length;
    await ask('send', encode(transactionCodec, transaction));
    await devnet.waitFor('transaction', ({ outcome }) => outcome === 'accepted', { from });
    await follow(1);
    const state = (wanted: string) => vi.waitFor(async () => expect(await ask('update', hash)).toMatchObject({ state: wanted }));
    await state('included');
    expect((await balance(friend, { asOf: 'latest' })).value).toMatchObject({ balance: 12_345 });
    await follow(depth - 1);
    await devnet.rebranch(depth);
    await node.until('the other branch', (client) => client.getHead().latest.hash === devnet.chain.head.hash);
    await state('reverted');
    expect((await balance(friend, { asOf: 'latest' })).value).toMatchObject({ balance: 0 });
    await follow(1);
    await state('included');
    expect((await balance(friend, { asOf: 'latest' })).value).toMatchObject({ balance: 12_345 });
    const { updates } = await ask<TransactionUpdates>('updates', [], [hash], next);
    expect(updates.map((update) => update.state)).toEqual(['sent', 'included', 'reverted', 'included']);
  });

  it('A8: refuses to send what no block can hold, with a code, and no peer is given it', async () => {
    const [payer] = devnet.accounts;
    const height = devnet.chain.head.height;
    const bytes = (transfer: Partial<Parameters<typeof signedTransfer>[1]>, key = payer!.privateKey) =>
      encode(transactionCodec, signedTransfer(key, { to: FRIEND, value: 1, validityStartHeight: height, network: 7, ...transfer }));
    const good = bytes({});
    const code = (transaction: Uint8Array) => ask('send', transaction).then(() => 'sent', ({ code: given }: { readonly code: string }) => given);
    const from = devnet.log.length;
    const wrong = {
      expired: bytes({ validityStartHeight: 0 }),
      'not yet valid': bytes({ validityStartHeight: height + 10_000 }),
      'a foreign network': bytes({ network: 24 }),
      'a wrong signature': good.with(good.length - 1, good.at(-1)! ^ 1),
      'too large a value': bytes({ value: 2_100_000_000_000_001 }),
    };
    for (const [name, transaction] of Object.entries(wrong)) expect([name, await code(transaction)]).toEqual([name, 'invalid-transaction']);
    expect(await code(good)).toBe('sent');
    await devnet.waitFor('transaction', ({ outcome }) => outcome === 'accepted', { from });
    expect(devnet.log.slice(from).filter(({ event }) => event === 'transaction').every((event) => 'hash' in event && event.hash === transactionHash(decode(transactionCodec, good)))).toBe(true);
  });

  it('keeps what is proven: a new client on the same storage has nothing proven twice', async () => {
    const sent = [1, 2, 3].map((value) => devnet.transfer({ to: FRIEND, value, fee: 0 }));
    const from = devnet.log.length;
    for (const transaction of sent) await ask('send', encode(transactionCodec, transaction));
    for (const transaction of sent) await devnet.waitFor('transaction', ({ hash, outcome }) => outcome === 'accepted' && hash === transactionHash(transaction), { from });
    await follow(33);
    const list = () => ask<Answer<TransactionPage>>('transactions', friend, undefined, 20);
    const proofsSince = (mark: number) => devnet.log.slice(mark).filter((event) => event.event === 'request' && event.kind === 'transactions-proof').length;
    const first = await list();
    expect(first.value.transactions).toHaveLength(3);
    const { rows } = node;
    await vi.waitFor(async () => expect(await rows.keys('history')).toHaveLength(3));
    let mark = devnet.log.length;
    expect((await list()).value).toEqual(first.value);
    expect(proofsSince(mark)).toBe(0);

    await node.close();
    node = await startNodeClient({ network: devnet.network, rows });
    await node.until('consensus', (client) => client.getStatus().consensus === 'established');
    mark = devnet.log.length;
    const again = await list();
    expect(again).toEqual({ ...first, level: 'witnessed' });
    expect(await ask('transaction', first.value.transactions[0]!.hash)).toMatchObject({ level: 'witnessed', finality: 'final' });
    expect(proofsSince(mark)).toBe(0);
    // The receipts are asked for, and a damaged row is proven again.
    expect(devnet.log.slice(mark).some((event) => event.event === 'request' && event.kind === 'receipts')).toBe(true);
    const [key] = await rows.keys('history');
    const [row] = await rows.get([{ table: 'history', key: key! }]);
    await rows.write({ durability: 'relaxed', writes: [{ table: 'history', key: key!, value: row!.with(80, row![80]! ^ 1) }] }, () => []);
    expect((await list()).value).toEqual(first.value);
    expect(proofsSince(mark)).toBe(1);
  });

  it('says that a transaction has expired that no block took', async () => {
    await devnet.fault('all', { fault: 'censor' });
    const transaction = devnet.transfer({ to: FRIEND, value: 1, fee: 0 });
    const hash = transactionHash(transaction);
    await ask('send', encode(transactionCodec, transaction));
    await follow(96);
    await vi.waitFor(async () => expect(await ask('update', hash)).toMatchObject({ state: 'expired', transaction: undefined }));
    expect(await ask('send', encode(transactionCodec, transaction)).then(() => 'sent', ({ code }: { readonly code: string }) => code)).toBe('invalid-transaction');
  });
});

describe('peers that lie about accounts and transactions', () => {
  let devnet: Devnet;
  let node: NodeClient;

  beforeEach(async () => {
    devnet = await createDevnet({ port: 0, peers: 4, blockTime: 0, seed: 'wallet liars' });
    node = await startNodeClient({ network: devnet.network, settings: { desiredPeers: 4 } });
    await node.until('all live', (client) => client.getPeers().filter(({ state }) => state === 'live').length === 4);
    for (let i = 0; i < 8; i++) await follow();
  });
  afterEach(async () => {
    await node?.close();
    await devnet?.close();
  });

  async function follow(): Promise<void> {
    await devnet.produce(1);
    const { hash } = devnet.chain.head;
    await node.until(`head ${hash}`, (client) => client.getHead().latest.hash === hash);
  }
  const ask = <T>(question: string, ...args: readonly unknown[]) => node.client.ask(question, args) as Promise<T>;
  const banned = () => node.client.getPeers().filter(({ state }) => state === 'banned').map(({ reason }) => reason?.code);

  /** The peer that is asked about accounts first, because it was asked before. */
  async function firstAsked(): Promise<number> {
    const from = devnet.log.length;
    await ask('accounts', [RICH]);
    return (await devnet.waitFor('request', ({ kind }) => kind === 'trie-proof', { from })).peer;
  }

  it.each(['trie-value', 'trie-node', 'trie-absent'])('A4: %s: the answer comes from the next peer, and the liar is banned', async (fault) => {
    await devnet.fault(await firstAsked(), { fault });
    await follow();
    expect((await ask<Answer<AccountView>[]>('accounts', [RICH]))[0]!.value).toEqual({ type: 'basic', balance: 1_000_000_000_000 });
    expect(banned()).toEqual(['wrong-proof']);
  });

  it.each(['trie-stale', 'trie-block', 'trie-incomplete'])('%s: the next peer is asked, and no peer is blamed', async (fault) => {
    await devnet.fault(await firstAsked(), { fault });
    await follow();
    const from = devnet.log.length;
    const { height } = devnet.chain.head;
    expect((await ask<Answer<AccountView>[]>('accounts', [RICH]))[0]).toMatchObject({ value: { balance: 1_000_000_000_000 }, block: { height } });
    await devnet.waitFor('request', ({ kind, peer }) => kind === 'trie-proof' && peer !== undefined, { from });
    expect(banned()).toEqual([]);
  });

  it.each(['receipts-omitted', 'receipts-forged', 'receipts-height', 'history-none'])('%s: all that is true is proven, and an honest peer is not blamed', async (fault) => {
    const sent = [1, 2, 3].map((value) => devnet.transfer({ to: FRIEND, value, fee: 0 }));
    const from = devnet.log.length;
    for (const transaction of sent) await ask('send', encode(transactionCodec, transaction));
    for (const transaction of sent) await devnet.waitFor('transaction', ({ hash, outcome }) => outcome === 'accepted' && hash === transactionHash(transaction), { from });
    await follow();
    for (const peer of [0, 1]) await devnet.fault(peer, { fault });
    const { value } = await ask<Answer<TransactionPage>>('transactions', friend, undefined, 20);
    // Two of four peers lie, so at least one list or proof is honest unless both lists are the liars': the newest is then missing at most.
    expect(value.transactions.length).toBeGreaterThanOrEqual(2);
    for (const { hash } of value.transactions) expect(sent.map(transactionHash)).toContain(hash);
    expect(banned()).toEqual([]);
  });
});
