import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MolochNet } from '../../devnet/moloch/moloch-net.ts';
import type { DevBlock } from '../../devnet/moloch/dev-block.ts';
import type { Provider } from '../../src/chains/moloch/net/provider.ts';
import type { MolochSession } from '../../src/chains/moloch/net/moloch-session.ts';
import { SettlingClock } from '../support/settling-clock.ts';
import { MolochTestClient } from '../support/moloch-client.ts';

let net: MolochNet;
let client: MolochTestClient;
let clock: SettlingClock;

beforeEach(async () => {
  clock = new SettlingClock(1_800_000_000_000);
  net = await MolochNet.start({ clock });
  client = new MolochTestClient(net.network, {}, clock);
});
afterEach(async () => {
  client.close();
  await net.close();
});

const connect = async (node = 0): Promise<MolochSession> => {
  const session = await client.connect(net.network.seeds[node]!);
  await vi.waitFor(() => expect(net.nodes[node]!.clients).toBe(1));
  return session;
};
/** What came: blocks by height, and votes by height and their number. */
const told = () => client.announced.map((it) => ('block' in it ? `block ${it.height}` : `${it.signatures.length} for ${it.height}`));
const hold = (blocks: readonly DevBlock[]) => {
  client.ids = blocks.map(({ hash }) => hash);
  client.mmrRoot = blocks.at(-1)!.block.header.mmrRoot;
};
const until = (check: () => void) => vi.waitFor(check, { interval: 10 });

describe('6.6: what is announced', () => {
  it('is the block, then the votes, and the notice of finality at the third', async () => {
    const session = await connect();
    const [block] = net.produce(1);
    await until(() => expect(told()).toEqual(['block 1', '1 for 1', '1 for 1', '1 for 1', '3 for 1', '1 for 1']));
    expect(client.announced[0]).toMatchObject({ id: block!.hash, block: { signatures: [], events: block!.block.events } });
    expect(session.claims.height).toBe(1);
    expect(net.log.of('GetBlocks')).toEqual([]);
  });

  it('is never final with two votes, and one vote that comes twice is told twice', async () => {
    net.fault(2, 'withheld-votes');
    net.fault(3, 'withheld-votes');
    net.fault(0, 'duplicate-votes');
    await connect();
    net.produce(1);
    await until(() => expect(told()).toEqual(['block 1', '1 for 1', '1 for 1', '1 for 1', '1 for 1']));
    expect(net.info().nodes[0]!.final).toBe(0);
  });

  it('is told too if the notice of finality comes before its block: the chain says what is missing', async () => {
    const session = await connect();
    net.fault(0, 'silent');
    const [block] = net.produce(1);
    net.fault(0, 'none');
    net.nodes[0]!.onFinal(block!);
    await until(() => expect(told()).toEqual(['4 for 1']));
    expect(session.claims.height).toBe(1);
    expect(net.log.of('GetBlocks')).toEqual([]);
  });

  it('is sent on to other peers, and to each once', async () => {
    const [first, second] = [await connect(0), await connect(1)];
    net.partition([[0, 2, 3], [1]]);
    net.nodes[0]!.onBlock(net.consensus.produce(1)[0]!);
    await until(() => expect(client.announced.length).toBeGreaterThan(0));
    const [item] = client.announced;
    net.log.clear();
    for (let i = 0; i < 2; i += 1) for (const session of [first, second]) if ('block' in item!) session.forward(item);
    await first.getVotes('0'.repeat(64), { signal: new AbortController().signal });
    await second.getVotes('0'.repeat(64), { signal: new AbortController().signal });
    expect(net.log.of('NewBlock').map(({ node }) => node)).toEqual([1]);
  });
});

describe('6.8: the status', () => {
  it('is sent three times in 90 s, each with height, head and root', async () => {
    const session = await connect();
    for (let i = 0; i < 3; i += 1) {
      await clock.advance(30_000);
      await until(() => expect(net.log.of('ExtStatus')).toHaveLength(i + 1));
    }
    expect(net.log.of('ExtStatus').map(({ height }) => height)).toEqual([0, 0, 0]);
    expect(session.state).toBe('SYNCED');
    expect(net.log.of('Ping')).toEqual([]);
  });

  it('of 1010 beside 1008 leads to exactly one request, for 1009 and 1010, also with two peers', async () => {
    net.produce(1008);
    hold(net.chain);
    const session = await connect(0);
    await connect(1);
    expect(session.state).toBe('SYNCED');
    net.fault('all', 'silent');
    net.produce(2);
    net.fault('all', 'none');
    for (const node of [0, 1]) net.nodes[node]!.tell(net.nodes[node]!.status());
    await until(() => expect(client.claims.filter(({ height }) => height === 1010)).toHaveLength(2));
    // A client that catches up by itself is left alone.
    expect(net.log.of('GetBlocks')).toEqual([]);
    await clock.advance(5000);
    await until(() => expect(told()).toEqual(['block 1009', 'block 1010']));
    expect(net.log.of('GetBlocks').map(({ start, count }) => [start, count])).toEqual([[1009, 2]]);
    expect(client.claims.at(-1)!.height).toBe(1010);
    hold(net.chain);
    session.noteHead();
    expect(session.state).toBe('SYNCED');
  });

  it('that does not come for 90 s leads to a ping, and without an answer to a Goodbye', async () => {
    await connect();
    net.fault(0, 'silent');
    await clock.advance(89_999);
    expect(net.log.of('Ping')).toEqual([]);
    await clock.advance(1);
    await until(() => expect(net.log.of('Ping')).toHaveLength(1));
    expect(client.closed).toEqual([]);
    await clock.advance(10_000);
    await until(() => expect(client.closed).toEqual(['silence']));
  });

  it('of a far higher peer is left to the sync, and that of a lower one is no reason to ask', async () => {
    net.produce(40);
    hold(net.chain.slice(0, 11));
    const far = await connect(0);
    expect(far.state).toBe('SYNCING');
    expect(await far.proveTarget(10, { signal: new AbortController().signal })).toMatchObject({ height: 40 });
    hold(net.chain);
    far.noteHead();
    expect(far.state).toBe('SYNCED');
    net.fault(1, 'stale-status');
    const low = await connect(1);
    expect([low.state, low.claims.height]).toEqual(['PROVIDING', 30]);
    net.fault(1, 'none');
    net.nodes[1]!.tell(net.nodes[1]!.status());
    await until(() => expect(low.state).toBe('SYNCED'));
    expect(net.log.of('GetBlocks')).toEqual([]);
  });
});

describe('6.8: a status beside our own head', () => {
  it('with another root is an offence, with the same one it is not; an announced older block says nothing of the head', async () => {
    net.produce(5);
    hold(net.chain);
    const session = await connect();
    const status = net.nodes[0]!.status();
    net.nodes[0]!.tell(status);
    net.nodes[0]!.tell({ kind: 'Announce', item: { kind: 'Block', height: 3, hash: net.chain[3]!.hash } });
    net.nodes[0]!.tell({ ...status, mmrRoot: 'ab'.repeat(32) } as typeof status);
    await until(() => expect(client.faults).toMatchObject([{ code: 'status-root', weight: 'offence', data: { height: 5 } }]));
    expect([session.state, session.claims.height]).toEqual(['SYNCED', 5]);
    net.nodes[0]!.tell({ kind: 'Announce', item: { kind: 'Tip', height: 4, hash: net.chain[4]!.hash } });
    await until(() => expect(session.state).toBe('PROVIDING'));
    // What was final for it stays so.
    expect(session.claims.height).toBe(5);
  });
});

describe('6.7: a fork', () => {
  it('that a client did not follow is fetched with GetBlocks{100,10}', async () => {
    net.produce(99);
    net.fault(2, 'withheld-votes');
    net.fault(3, 'withheld-votes');
    const [ours] = net.produce(1);
    hold(net.chain);
    client.final = 99;
    net.fault(2, 'none');
    net.fork(1, 3);
    const session = await connect();
    await clock.advance(5000);
    await until(() => expect(told()).toEqual(['block 100', 'block 101', 'block 102']));
    expect(net.log.of('GetBlocks').map(({ start, count }) => [start, count])).toEqual([[101, 2], [100, 10]]);
    const [theirs] = client.announced;
    expect(ours!.votes.size).toBe(2);
    expect(theirs).toMatchObject({ height: 100, parent: ours!.block.header.parent, block: { signatures: { length: 3 } } });
    expect(session.claims.height).toBe(102);
  });

  it('at an equal height that parted further back is searched backwards, never below what is final', async () => {
    net.produce(20);
    for (const node of [2, 3]) net.fault(node, 'withheld-votes');
    net.produce(5);
    hold(net.chain);
    client.final = 20;
    for (const node of [2, 3]) net.fault(node, 'none');
    net.fork(5, 5);
    await connect();
    await until(() => expect(told()).toEqual(['block 21', 'block 22', 'block 23', 'block 24', 'block 25']));
    expect(net.log.of('GetBlocks').map(({ start }) => start)).toEqual([25, 24, 22, 21]);
  });
});

describe('a connection', () => {
  it('tells why it ended: a Goodbye, a cut, or our own word', async () => {
    await connect(0);
    await net.stopNode(0);
    await until(() => expect(client.closed).toEqual(['shutdown']));
    await connect(1);
    net.nodes[1]!.cut();
    await until(() => expect(client.closed).toHaveLength(2));
    const session = await connect(2);
    session.close('bad-seal');
    expect(client.closed.slice(2)).toEqual(['bad-seal']);
    await expect(session.getBlocks(1, 1, { headersOnly: true, signal: new AbortController().signal })).rejects.toMatchObject({ code: 'disconnected' });
    await net.startNode(0);
    net.produce(1);
    const again = await connect(0);
    expect(again.claims.height).toBe(1);
  });

  it('reports answers that nobody asked for, and messages that do not fit', async () => {
    const session = await connect();
    net.nodes[0]!.tell({ kind: 'Blocks', requestId: 99n, blocks: [], more: false });
    net.nodes[0]!.tell({ kind: 'ExtAuth', requestId: 1n, signature: new Uint8Array(64) });
    net.nodes[0]!.tell({ kind: 'GetBlocks', id: 1n, start: 0, count: 101 });
    await until(() => expect(client.faults.map(({ code, weight }) => [code, weight])).toEqual([['unrequested', 'offence'], ['unexpected', 'offence'], ['over-limit', 'offence']]));
    expect(session.state).toBe('SYNCED');
  });
});

describe('what a client serves', () => {
  it('is what it holds, to a node that asks, and nothing without a provider', async () => {
    const blocks = vi.fn<Provider['blocks']>(() => ({ items: [net.consensus.genesis.block], more: false }));
    const provider = { blocks } as Partial<Provider> as Provider;
    client = new MolochTestClient(net.network, { provider }, clock);
    await connect();
    net.nodes[0]!.tell({ kind: 'GetBlocks', id: 5n, start: 0, count: 1 });
    await until(() => expect(blocks).toHaveBeenCalledWith(0, 1));
    await until(() => expect(net.log.of('Blocks')).toHaveLength(1));
    const empty = new MolochTestClient(net.network, {}, clock);
    await empty.connect(net.network.seeds[1]!);
    await until(() => expect(net.nodes[1]!.clients).toBe(1));
    net.nodes[1]!.tell({ kind: 'GetProof', id: 5n, request: { kind: 'EventAt', height: 0, index: 0 } });
    await until(() => expect(net.log.of('Proof')).toHaveLength(1));
    empty.close();
  });
});

describe('what a session claims of its peer', () => {
  it('is its newest final block, and not a head without enough votes; a Finalized raises it', async () => {
    net.produce(5);
    for (const node of [2, 3]) net.fault(node, 'withheld-votes');
    net.produce(2);
    const session = await connect();
    expect(session.claims.height).toBe(5);
    expect(await session.proveTarget(0, { signal: new AbortController().signal })).toMatchObject({ height: 5, proven: true });
    for (const node of [2, 3]) net.fault(node, 'none');
    net.produce(1);
    await until(() => expect(session.claims.height).toBe(8));
  });

  it('rises with a status that is far ahead, after the peer has proven it', async () => {
    const session = await connect();
    net.fault(0, 'silent');
    net.produce(40);
    net.fault(0, 'none');
    expect(session.claims.height).toBe(0);
    net.nodes[0]!.tell(net.nodes[0]!.status());
    await until(() => expect(session.claims.height).toBe(40));
  });
});
