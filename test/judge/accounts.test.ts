import * as Nimiq from '@nimiq/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { Accounts } from '../../devnet/ledger/accounts.ts';
import { toHex } from '../../src/base/bytes.ts';
import { encode } from '../../src/base/postcard/codec.ts';
import { friendlyAddress } from '../../src/chains/albatross/transactions/address-text.ts';
import { transaction as transactionCodec } from '../../src/chains/albatross/wire/transactions.ts';
import { followTo, OfficialClient } from './official-client.ts';

/** Where money is sent to. */
const FRIEND = new Uint8Array(20).fill(7);
const friend = friendlyAddress(FRIEND);
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const STAKER = 'NQ39 VBTN P2HX Q3MF KHF1 CCLA G6FS 9B8S VY28';
const VALIDATOR = 'NQ20 TSB0 DFSM UH9C 15GQ GAGJ TTE4 D3MA 859E';

interface Details {
  readonly transactionHash: string;
  readonly state: string;
  readonly blockHeight?: number;
  readonly value: number;
  readonly sender: string;
  readonly recipient: string;
  readonly executionResult?: boolean;
}

describe('the official client asks for accounts and transactions', () => {
  let devnet: Devnet;
  let client: OfficialClient;
  /** Produces blocks up to `height`, and waits until the client has them. */
  const to = (height: number): Promise<void> => followTo(devnet, [client], height);
  const next = (): Promise<void> => to(devnet.chain.head.height + 1);

  beforeAll(async () => {
    devnet = await createDevnet({ port: 0, peers: 4, blockTime: 0, seed: 'judge accounts' });
    client = await OfficialClient.start(devnet, 'pico');
    await client.established();
    await next();
  });
  afterAll(async () => {
    await client?.close();
    await devnet?.close();
  });

  it('and gets the accounts of the genesis block', async () => {
    expect(await client.call('getAccount', RICH)).toEqual({ type: 'basic', balance: 1_000_000_000_000 });
    expect(await client.call('getAccount', friend)).toEqual({ type: 'basic', balance: 0 });
    expect(await client.call('getStaker', STAKER)).toMatchObject({ balance: 100_000, delegation: VALIDATOR, inactiveBalance: 0, retiredBalance: 0 });
    expect(await client.call('getValidator', VALIDATOR)).toMatchObject({ rewardAddress: RICH, totalStake: 10_000_100_000, deposit: 10_000_000_000, numStakers: 1, retired: false });
    expect(await client.call('getAccount', 'NQ77 0000 0000 0000 0000 0000 0000 0000 0001')).toMatchObject({ type: 'staking', balance: 10_000_100_000, activeValidators: [[VALIDATOR, 10_000_100_000]] });
  });

  it('sends a transaction, is notified of it, and finds it by hash and by address', async () => {
    client.listen([friend]);
    const transaction = devnet.transfer({ to: FRIEND, value: 12_345, fee: 200 });
    const from = devnet.log.length;
    const sent = client.call('sendTransaction', toHex(encode(transactionCodec, transaction))) as Promise<Details>;
    const { hash } = await devnet.waitFor('transaction', ({ outcome }) => outcome === 'accepted', { from });
    await next();
    const { height } = devnet.chain.head;
    expect(await sent).toMatchObject({ transactionHash: hash, state: 'included', blockHeight: height });
    expect(await client.told(hash, 'included')).toMatchObject({ blockHeight: height });
    expect(await client.call('getTransaction', hash)).toMatchObject({ transactionHash: hash, state: 'included', blockHeight: height, value: 12_345, fee: 200, sender: RICH, recipient: friend, executionResult: true });
    expect(await client.call('getTransactionsByAddress', friend)).toMatchObject([{ transactionHash: hash, blockHeight: height }]);
    expect(await client.call('getTransactionReceiptsByAddress', friend)).toEqual([{ transactionHash: hash, blockHeight: height }]);
    expect(await client.call('getAccount', friend)).toEqual({ type: 'basic', balance: 12_345 });
    expect(await client.call('getAccount', RICH)).toEqual({ type: 'basic', balance: 1_000_000_000_000 - 12_345 - 200 });
  });

  it('sees rewards and fees paid by a macro block', async () => {
    await to(265);
    const [reward, payment] = (await client.call('getTransactionsByAddress', RICH)) as Details[];
    expect(reward).toMatchObject({ sender: 'NQ81 C01N BASE 0000 0000 0000 0000 0000 0000', recipient: RICH, blockHeight: 264, state: 'confirmed', value: 32 * 100_000 + 200 });
    expect(payment).toMatchObject({ sender: RICH, recipient: friend, state: 'confirmed' });
    expect(await client.call('getAccount', RICH)).toEqual({ type: 'basic', balance: 1_000_000_000_000 - 12_345 + 32 * 100_000 });
  });

  it('finds transactions of an older epoch', async () => {
    await to(457);
    const all = (await client.call('getTransactionsByAddress', friend)) as Details[];
    expect(all).toMatchObject([{ blockHeight: 202, state: 'confirmed' }]);
    expect(await client.call('getTransaction', all[0]!.transactionHash)).toMatchObject({ blockHeight: 202, state: 'confirmed' });
  });

  it('stakes, and sees the stake with its validator', async () => {
    const key = Nimiq.KeyPair.derive(Nimiq.PrivateKey.fromHex(toHex(devnet.accounts[0]!.privateKey)));
    const from = devnet.log.length;
    const create = Nimiq.TransactionBuilder.newCreateStaker(key.toAddress(), Nimiq.Address.fromUserFriendlyAddress(VALIDATOR), 30_000_000n, 0n, devnet.chain.head.height, 7);
    create.sign(key, undefined);
    const sent = client.call('sendTransaction', create.toHex()) as Promise<Details>;
    await devnet.waitFor('transaction', ({ outcome }) => outcome === 'accepted', { from });
    await next();
    expect(await sent).toMatchObject({ state: 'included', executionResult: true });
    expect(await client.call('getStaker', RICH)).toMatchObject({ balance: 30_000_000, delegation: VALIDATOR });
    expect(await client.call('getValidator', VALIDATOR)).toMatchObject({ totalStake: 10_030_100_000, numStakers: 2 });

    const deactivate = Nimiq.TransactionBuilder.newSetActiveStake(key.toAddress(), 10_000_000n, 0n, devnet.chain.head.height, 7);
    deactivate.sign(key, undefined);
    const signal = client.call('sendTransaction', deactivate.toHex()) as Promise<Details>;
    await devnet.waitFor('gossip', ({ topic }) => topic === 'control-transaction', { from });
    await next();
    expect(await signal).toMatchObject({ state: 'included' });
    const nextElection = devnet.chain.policy.electionBlockAfter(devnet.chain.head.height);
    expect(await client.call('getStaker', RICH)).toMatchObject({ balance: 10_000_000, inactiveBalance: 20_000_000, inactiveFrom: nextElection, inactiveRelease: nextElection + 129 });
  });

  it('refuses a false proof, leaves the peer that sent it, and gets the answer from another', async () => {
    const expected = new Accounts(devnet.chain.stateOf(devnet.chain.head).accounts).account(FRIEND).balance;
    const askedOf = (from: number, kind: string): readonly number[] => devnet.log.slice(from).flatMap((event) => (event.event === 'request' && event.kind === kind ? [event.peer] : []));
    let from = devnet.log.length;
    await client.call('getAccount', friend);
    // The peer that it asks first now is likely to be asked again.
    const [liar] = askedOf(from, 'trie-proof');
    from = devnet.log.length;
    await devnet.fault(liar!, { fault: 'trie-value' });
    for (let i = 0; i < 50 && !askedOf(from, 'trie-proof').includes(liar!); i++) expect(await client.call('getAccount', friend)).toEqual({ type: 'basic', balance: expected });
    expect(askedOf(from, 'trie-proof')).toContain(liar);
    await devnet.waitFor('left', ({ peer }) => peer === liar, { from });
  });

  it('leaves out a receipt that no proof stands behind', async () => {
    await devnet.fault('all', { fault: 'receipts-forged' });
    expect(await client.call('getTransactionsByAddress', friend)).toMatchObject([{ blockHeight: 202, value: 12_345 }]);
    const receipts = (await client.call('getTransactionReceiptsByAddress', friend)) as readonly unknown[];
    expect(receipts.length).toBeGreaterThan(1);
  });
});
