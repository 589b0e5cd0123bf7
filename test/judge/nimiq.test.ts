import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { toHex } from '../../src/base/bytes.ts';
import { encode } from '../../src/base/postcard/codec.ts';
import { friendlyAddress } from '../../src/chains/albatross/transactions/address-text.ts';
import { transaction as transactionCodec } from '../../src/chains/albatross/wire/transactions.ts';
import { block as blockCodec } from '../../src/chains/albatross/wire/blocks.ts';
import { Client } from '../../src/nimiq/client.ts';
import { nativeClientOf } from '../support/native-client-of.ts';
import { startNodeClient, type NodeClient } from '../support/node-client.ts';
import { followTo, OfficialClient } from './official-client.ts';

/** Where money is sent to. */
const FRIEND = new Uint8Array(20).fill(7);
const friend = friendlyAddress(FRIEND);
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const STAKER = 'NQ39 VBTN P2HX Q3MF KHF1 CCLA G6FS 9B8S VY28';
const VALIDATOR = 'NQ20 TSB0 DFSM UH9C 15GQ GAGJ TTE4 D3MA 859E';
const STAKING = 'NQ77 0000 0000 0000 0000 0000 0000 0000 0001';

interface HeadChange {
  readonly hash: string;
  readonly reason: string;
  readonly reverted: readonly string[];
  readonly adopted: readonly string[];
}

/** A method that answers. */
type Method = Exclude<{ [M in keyof Client]: Client[M] extends (...args: never[]) => Promise<unknown> ? M : never }[keyof Client], undefined>;

describe('the official client and petrel/nimiq on one network (A5)', () => {
  let devnet: Devnet;
  let official: OfficialClient;
  let node: NodeClient;
  let ours: Client;
  let end: () => void = () => {};
  const heads: HeadChange[] = [];

  /** Produces one block after the other, and waits until both have it. */
  async function to(height: number): Promise<void> {
    while (devnet.chain.head.height < height) {
      await followTo(devnet, [official], devnet.chain.head.height + 1);
      const { hash } = devnet.chain.head;
      await node.until(`head ${hash}`, (client) => client.getHead().latest.hash === hash);
    }
  }

  /** The same call on both. The values have gone through JSON. */
  async function both(method: Method, ...args: readonly unknown[]): Promise<readonly [theirs: unknown, ours: unknown]> {
    const call = ours[method] as (...given: unknown[]) => Promise<unknown>;
    const [theirs, own] = await Promise.all([official.call(method, ...args), call.apply(ours, [...args])]);
    return [theirs, own === undefined ? undefined : JSON.parse(JSON.stringify(own))];
  }

  /** The same call on both, with equal values. */
  async function expectSame(method: Method, ...args: readonly unknown[]): Promise<unknown> {
    const [theirs, own] = await both(method, ...args);
    expect(own, `${method}(${args.map(String).join(', ')})`).toEqual(theirs);
    return theirs;
  }

  /** The same list from both. The official client has the transactions of a block in any order. */
  async function expectSameList(method: Method, address: string): Promise<unknown> {
    const [theirs, own] = (await both(method, address)) as readonly (readonly { readonly transactionHash: string }[])[];
    const byHash = (list: typeof theirs) => list?.toSorted((a, b) => a.transactionHash.localeCompare(b.transactionHash));
    expect(byHash(own), `${method}(${address})`).toEqual(byHash(theirs));
    return own;
  }

  beforeAll(async () => {
    devnet = await createDevnet({ port: 0, peers: 4, blockTime: 0, seed: 'judge nimiq' });
    [official, node] = await Promise.all([OfficialClient.start(devnet, 'pico'), startNodeClient({ network: devnet.network })]);
    await Promise.all([official.established(), node.until('consensus', (client) => client.getStatus().consensus === 'established')]);
    const made = nativeClientOf(node);
    end = made.end;
    ours = await Client.from(made.native);
    await ours.addHeadChangedListener((hash, reason, reverted, adopted) => heads.push({ hash, reason, reverted, adopted }));
    await to(devnet.chain.head.height + 1);
  });
  afterAll(async () => {
    end();
    await Promise.all([official?.close(), node?.close()]);
    await devnet?.close();
  });

  it('say the same of accounts, stakers and validators', async () => {
    expect(await expectSame('getAccount', RICH)).toEqual({ type: 'basic', balance: 1_000_000_000_000 });
    for (const address of [friend, STAKING]) await expectSame('getAccount', address);
    await expectSame('getAccounts', [friend, RICH]);
    for (const address of [STAKER, friend]) await expectSame('getStaker', address);
    await expectSame('getStakers', [STAKER]);
    for (const address of [VALIDATOR, friend]) await expectSame('getValidator', address);
    await expectSame('getValidators', [VALIDATOR]);
    await expectSame('getElectedValidators');
  });

  it('say the same of the network and the head', async () => {
    expect(await expectSame('getNetworkId')).toBe(7);
    for (const method of ['getProtocolVersion', 'getHeadHash', 'getHeadHeight', 'isConsensusEstablished'] as const) await expectSame(method);
  });

  it('say the same of the transactions that each of them sends', async () => {
    const [one, other] = [12_345, 23_456].map((value) => toHex(encode(transactionCodec, devnet.transfer({ to: FRIEND, value, fee: 200 }))));
    const told: unknown[] = [];
    await ours.addTransactionListener((details) => told.push(details), [friend]);
    const from = devnet.log.length;
    const sent = Promise.all([official.call('sendTransaction', one), ours.sendTransaction(other ?? '')]);
    const accepted = new Set<string>();
    await devnet.waitFor('transaction', ({ outcome, hash }) => outcome === 'accepted' && accepted.add(hash).size === 2, { from });
    await to(devnet.chain.head.height + 1);
    const { height } = devnet.chain.head;
    const [theirs, own] = (await sent) as readonly { readonly transactionHash: string }[];
    expect([theirs, own]).toMatchObject([{ state: 'included', blockHeight: height, value: 12_345 }, { state: 'included', blockHeight: height, value: 23_456 }]);
    expect(told).toHaveLength(2);
    for (const details of [theirs, own]) {
      const shown = await expectSame('getTransaction', details?.transactionHash);
      expect(JSON.parse(JSON.stringify(details))).toEqual(shown);
      expect(told).toContainEqual(expect.objectContaining({ transactionHash: details?.transactionHash, state: 'included', blockHeight: height }));
    }
    expect(await expectSameList('getTransactionsByAddress', friend)).toHaveLength(2);
    expect(await expectSameList('getTransactionReceiptsByAddress', friend)).toHaveLength(2);
    await expectSame('getAccount', friend);
    await expectSame('getAccount', RICH);
  });

  it('say the same of blocks', async () => {
    for (let height = devnet.chain.head.height + 1; height <= 234; height += 1) {
      await to(height);
      await expectSame('getHeadBlock');
    }
    expect(devnet.chain.at(232)?.kind).toBe('checkpoint');
    await expectSame('getBlock', devnet.chain.at(233)?.hash);
    // The official client drops the justification of a macro block that is no longer its head, and no longer counts it.
    const [theirs, own] = (await both('getBlockAt', 232)) as readonly { readonly size: number }[];
    expect({ ...own, size: 0 }).toEqual({ ...theirs, size: 0 });
    expect(own?.size).toBe(encode(blockCodec, { ...devnet.chain.at(232)!.block, body: undefined }).length);
    // The two payments: the first batch is rewarded in the next macro block.
    expect(await expectSameList('getTransactionsByAddress', RICH)).toHaveLength(2);
  });

  it('told the same heads', () => {
    const isMacro = (hash: string) => devnet.chain.byHash(hash)?.block.type === 'macro';
    // The official client reports a macro block twice: `extended`, and `finalized`.
    const theirs = official.heads.filter(({ hash, reason }) => !(reason === 'extended' && isMacro(hash))).map(({ hash, reason, reverted, adopted }) => ({ hash, reason, reverted, adopted }));
    expect(heads.length).toBeGreaterThan(30);
    expect(heads.some(({ reason }) => reason === 'finalized')).toBe(true);
    expect(heads).toEqual(theirs.slice(-heads.length));
  });
});
