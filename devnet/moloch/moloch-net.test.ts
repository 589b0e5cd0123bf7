import { afterEach, expect, it, vi } from 'vitest';
import { SettlingClock } from '../../test/support/settling-clock.ts';
import { MolochTestClient } from '../../test/support/moloch-client.ts';
import { MolochNet, type MolochNetOptions } from './moloch-net.ts';

let net: MolochNet;
let clients: MolochTestClient[] = [];
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await net.close();
});

const start = async (options: MolochNetOptions = {}) => (net = await MolochNet.start(options));
const heights = () => net.info().nodes.map(({ height, final }) => `${height}/${final}`);

async function connect(node: number) {
  const client = new MolochTestClient(net.network);
  clients.push(client);
  const session = await client.connect(net.network.seeds[node]!);
  await vi.waitUntil(() => net.nodes[node]!.clients > 0);
  return { client, session };
}

it('is the same for the same seed, and has a network file that says whose it is', async () => {
  await start({ blocks: 20, seed: 'one' });
  const first = net.networkWith({ checkpoint: 15 });
  await net.close();
  await start({ blocks: 20, seed: 'one' });
  expect({ ...net.networkWith({ checkpoint: 15 }), seeds: [] }).toEqual({ ...first, seeds: [] });
  expect(first).toMatchObject({ chain: 'moloch', development: true, validators: { length: 4 }, seeds: { length: 4 }, checkpoint: { height: 15 } });
  expect(() => net.networkWith({ checkpoint: 21 })).toThrow(expect.objectContaining({ code: 'impossible' }));
});

it('makes blocks by time, until it is closed', async () => {
  const clock = new SettlingClock(1_800_000_000_000);
  const made: number[] = [];
  await start({ clock, blockTime: 1000, onBlocks: (blocks) => made.push(...blocks.map(({ block }) => block.header.time)) });
  await clock.advance(3000);
  expect(made).toEqual([1_800_000_001_000, 1_800_000_002_000, 1_800_000_003_000]);
  for (const node of [0, 1, 2, 3]) await net.stopNode(node);
  await clock.advance(2000);
  expect(made).toHaveLength(3);
  await net.startNode(2);
  await clock.advance(1000);
  expect(made).toHaveLength(4);
  await net.close();
  expect(clock.waiting).toBe(0);
});

it('stops a node with a Goodbye, and starts it on the same port with the chain of the others', async () => {
  await start({ blocks: 2 });
  const { client } = await connect(3);
  const address = net.network.seeds[3];
  await net.stopNode(3);
  await vi.waitUntil(() => client.closed.length > 0);
  expect(client.closed).toEqual(['shutdown']);
  net.produce(2);
  expect(heights()).toEqual(['4/4', '4/4', '4/4', '2/2']);
  await net.startNode(3);
  expect(heights()[3]).toBe('4/4');
  expect(net.network.seeds[3]).toBe(address);
  expect((await connect(3)).session.claims.height).toBe(4);
});

it('tells clients of both sides of a partition what their node knows', async () => {
  await start({ blocks: 2 });
  net.partition([[0, 1, 2], [3]]);
  const [most, alone] = [await connect(0), await connect(3)];
  net.produce(1);
  await vi.waitUntil(() => most.client.announced.length === 5 && alone.client.announced.length === 2);
  expect(heights()).toEqual(['3/3', '3/3', '3/3', '3/2']);
  net.partition([]);
  await vi.waitUntil(() => alone.client.announced.length === 4);
  // The block of the others, and the notice that it is final.
  expect(alone.client.announced.slice(2)).toMatchObject([{ id: net.chain[3]!.hash }, { hash: net.chain[3]!.hash, signatures: { length: 3 } }]);
});

it('logs what each client asks, and forgets it on command', async () => {
  await start({ blocks: 10 });
  const signal = new AbortController().signal;
  const [first, second] = [await connect(0), await connect(1)];
  net.log.clear();
  await first.session.getBlocks(1, 5, { headersOnly: true, signal });
  await second.session.getVotes(net.chain[1]!.hash, { signal });
  expect(net.log.all).toEqual([
    { node: 0, connection: expect.any(Number) as number, client: first.client.context.own.key, kind: 'GetTrustedHeaders', start: 1, count: 5 },
    { node: 1, connection: expect.any(Number) as number, client: second.client.context.own.key, kind: 'GetVotes' },
  ]);
  net.log.clear();
  expect(net.log.all).toEqual([]);
});

it('refuses commands that make no sense', async () => {
  await start();
  expect(() => net.fault(9, 'slow')).toThrow(expect.objectContaining({ code: 'unknown-peer' }));
  expect(() => net.fault(0, 'toString' as 'slow')).toThrow(expect.objectContaining({ code: 'unknown-fault' }));
  expect(() => net.fault(0, 'fork')).toThrow(expect.objectContaining({ code: 'impossible' }));
  expect(() => net.fork(1, 1)).toThrow(expect.objectContaining({ code: 'impossible' }));
  await expect(net.stopNode(4)).rejects.toMatchObject({ code: 'unknown-peer' });
});
