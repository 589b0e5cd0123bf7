import { afterEach, describe, expect, it } from 'vitest';
import { readSignerSet, signerSetKey } from '../../src/chains/stacks/proofs/hand-over.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { backFrom, type DevBlock } from './dev-block.ts';
import { StacksNet, type StacksNetOptions } from './stacks-net.ts';

const nets: StacksNet[] = [];
const start = async (options: StacksNetOptions = {}) => {
  const net = await StacksNet.start({ cycleLength: 10, prepareLength: 3, cycles: 1, ...options });
  nets.push(net);
  return net;
};
afterEach(async () => {
  await Promise.all(nets.splice(0).map((net) => net.close()));
});

const tipOf = async (net: StacksNet, gateway = 0) => ((await (await fetch(`${net.gateways[gateway]!.url}/v3/tenures/info`)).json()) as { readonly tip_block_id: string }).tip_block_id;
const isOn = (net: StacksNet, block: DevBlock) => [...backFrom(net.tip)].includes(block);

describe('commands', () => {
  it('blocks, tenures, the next cycle: told as they are made, and served at once', async () => {
    const told: number[] = [];
    const net = await start({ onBlocks: (blocks) => told.push(...blocks.map(({ height }) => height)) });
    const { height, tenure } = net.tip;
    expect(net.produceBlocks(2).map((block) => block.tenure)).toEqual([tenure, tenure]);
    expect(net.produceTenures(2, 2).map(({ position }) => position)).toEqual([0, 1, 0, 1]);
    const crossing = net.nextCycle();
    expect([crossing.at(-2), crossing.at(-1)].map((block) => net.chain.cycleOf(block!.tenure))).toEqual([1, 2]);
    expect(told).toEqual(Array.from({ length: 6 + crossing.length }, (_, i) => height + 1 + i));
    expect(await tipOf(net)).toBe(net.tip.id);
  });

  it('a fork leaves the newest tenures aside; a Bitcoin reorganisation leaves sortitions aside', async () => {
    const net = await start();
    net.produceTenures(3, 2);
    const old = net.tip;
    const fork = net.fork(2, 2);
    expect(net.tip.height).toBe(old.height + 2);
    expect(fork[0]!.height).toBe(old.height - 3);
    expect(isOn(net, old)).toBe(false);
    expect(await tipOf(net)).toBe(net.tip.id);
    const [branch, sortitions] = [net.tip, net.chain.main.sortitions.length];
    net.reorg(1, 1);
    expect(net.chain.main.sortitions).toHaveLength(sortitions);
    expect([isOn(net, branch), net.tip.height]).toEqual([false, branch.height + 1]);
    net.produceTenures(1);
    expect(() => net.fork(100, 1)).toThrow(expect.objectContaining({ code: 'impossible' }));
  });

  it('before a cycle in which nobody signs, the empty set is written and proven, and the chain ends', async () => {
    const told: DevBlock[] = [];
    const net = await start({ emptyCycle: 2, onBlocks: (blocks) => told.push(...blocks) });
    expect(() => net.nextCycle()).toThrow(expect.objectContaining({ code: 'impossible' }));
    expect(told.at(-1)).toBe(net.tip);
    const key = signerSetKey(2, { mainnet: false });
    expect(readSignerSet(2, net.chain.valueAt(net.tip, key)!, { mainnet: false })).toEqual({ ok: false, code: 'empty-set' });
    const { height } = net.tip;
    net.produceBlocks(1);
    expect(net.tip.height).toBe(height + 1);
  });

  it('a transaction of a block that is left aside comes into a later one', async () => {
    const net = await start();
    net.produceTenures(1);
    const txid = net.submit(undefined, { kind: 'transfer', to: net.chain.users[1]!.address, amount: 5n });
    const next = net.submit(undefined, { kind: 'transfer', to: net.chain.users[1]!.address, amount: 6n });
    expect(net.produceTenures(1)[0]!.transactionIds).toEqual(expect.arrayContaining([txid, next]));
    net.fork(1, 1);
    const url = `${net.gateways[0]!.url}/v3/transaction/${txid}`;
    expect((await fetch(url)).status).toBe(404);
    expect(net.produceBlocks(1)[0]!.transactionIds).toEqual(expect.arrayContaining([txid, next]));
    expect(await (await fetch(url)).json()).toMatchObject({ index_block_hash: net.tip.id });
  });

  it('a gateway that is stopped answers nothing, and is back on its port', async () => {
    const net = await start({ gateways: 2 });
    const [{ url }, other] = net.gateways as unknown as [{ readonly url: string }, { readonly url: string }];
    await net.stopGateway(0);
    await expect(fetch(`${url}/v2/info`)).rejects.toThrow('fetch failed');
    expect(await tipOf(net, 1)).toBe(net.tip.id);
    await net.startGateway(0);
    expect(net.gateways[0]!.url).toBe(url);
    expect(net.network.gateways).toEqual([url, other.url]);
    expect(await tipOf(net)).toBe(net.tip.id);
  });

  it('info lists tip, accounts, contract, transactions and gateways', async () => {
    const net = await start({ gateways: 2 });
    net.fault(1, 'slow');
    expect(net.info()).toMatchObject({
      height: net.tip.height, hash: net.tip.id, cycle: 1, contract: net.chain.demo,
      accounts: expect.arrayContaining([expect.objectContaining({ address: net.chain.users[0]!.address, balance: '1000000000000', nonce: 0 })]) as unknown,
      transactions: expect.arrayContaining([expect.objectContaining({ txid: net.tip.transactionIds[0], height: net.tip.height })]) as unknown,
      state: expect.arrayContaining([expect.objectContaining({ key: `vm::${net.chain.demo}::1::counter`, path: expect.stringMatching(/^[0-9a-f]{64}$/u) as unknown, value: `01${'0'.repeat(32)}` })]) as unknown,
      gateways: [{ gateway: 0, running: true, faults: [] }, { gateway: 1, faults: ['slow'] }],
    });
  });
});

it('by the clock: a block each time, a tenure each five, with times of the clock; some Bitcoin blocks extend the running tenure', async () => {
  const clock = new ManualClock();
  const net = await start({ blockTime: 1000, clock, genesisTime: Math.floor(clock.now() / 1000) - 10_000 });
  net.produceTenures(1);
  const { burnHeight } = net.tip.tenure;
  for (let i = 0; i < 80; i += 1) clock.advance(1000);
  const made = [...backFrom(net.tip)].slice(0, 80).toReversed();
  expect(made.map(({ position }) => position).slice(0, 5)).toEqual([1, 2, 3, 4, 0]);
  const kinds = net.chain.main.sortitions.filter((it) => it.burnHeight > burnHeight).map((it) => (made.some(({ tenure }) => tenure === it) ? 'tenure' : made.some(({ burnView }) => burnView === it) ? 'extension' : 'nothing'));
  expect([kinds.includes('extension'), kinds.includes('nothing'), kinds.filter((kind) => kind === 'tenure').length >= 12]).toEqual([true, false, true]);
  expect(made.every(({ position }) => position <= 5)).toBe(true);
  expect(made.at(-1)!.time).toBe(Math.floor(clock.now() / 1000));
  await net.close();
  clock.advance(5000);
  expect(net.tip).toBe(made.at(-1));
});

it('the same seed and commands give the same chain', async () => {
  const [one, two] = [await start(), await start()];
  for (const net of [one, two]) {
    net.produceTenures(2, 2);
    net.fork(1, 1);
    net.reorg(2, 1);
  }
  expect(one.tip.id).toBe(two.tip.id);
});
