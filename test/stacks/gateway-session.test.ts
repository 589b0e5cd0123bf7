import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StacksNet } from '../../devnet/stacks/stacks-net.ts';
import type { DevBlock } from '../../devnet/stacks/dev-block.ts';
import { systemClock } from '../../src/base/system.ts';
import type { StacksBlock, StacksItem } from '../../src/chains/stacks/chain/stacks-block.ts';
import { GatewaySession, type GatewaySessionOptions } from '../../src/chains/stacks/net/gateway-session.ts';
import { createHttpGateway } from '../../src/chains/stacks/net/http-gateway.ts';
import type { Announcement } from '../../src/engine/follow/followed-chain.ts';
import { RequestError } from '../../src/engine/peers/peer-net.ts';
import type { Fault } from '../../src/engine/sync/sync-chain.ts';
import type { PeerClaims } from '../../src/engine/sync/sync-peer.ts';

const signal = new AbortController().signal;
/** Milliseconds between two polls: an answer on loopback takes less. */
const PACE = 20;
const closing: (() => unknown)[] = [];
let net: StacksNet;
beforeAll(async () => {
  // Answers end early, as those of a node do at 16 MiB.
  net = await StacksNet.start({ cycleLength: 8, prepareLength: 3, cycles: 2, maxTenureBytes: 3000 });
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  net.fault(0, 'none');
});
afterAll(() => net.close());

function hooks(changes: Partial<GatewaySessionOptions> = {}) {
  const told = { announced: [] as StacksItem[], claims: [] as PeerClaims[], faults: [] as Fault[], closed: [] as (string | undefined)[] };
  const options: GatewaySessionOptions = {
    gateway: createHttpGateway(net.gateways[0]!.url, { fetch: (url, init) => fetch(url, init), clock: systemClock }),
    network: net.network, clock: systemClock, pace: () => PACE,
    handlers: {
      announced: (it: Announcement<StacksBlock, never>) => void (it.kind === 'block' && told.announced.push(it.item)),
      claims: (it) => told.claims.push(it), fault: (it) => told.faults.push(it), closed: (it) => told.closed.push(it),
    },
    prove: () => Promise.reject(new RequestError('refused', 'not asked')),
    manifest: () => Promise.reject(new RequestError('refused', 'not asked')),
    ...changes,
  };
  return { told, options };
}

async function opened() {
  const made = hooks();
  const session = await GatewaySession.open(made.options, { signal });
  closing.push(() => session.close());
  return { ...made, session };
}

/** The blocks of Nakamoto from a height to another one, as an item has them. */
function blocksOf(from: number, to: number) {
  const blocks: DevBlock[] = [];
  for (let block: DevBlock | undefined = net.tip; block && block.height >= from; block = block.parent) if (block.height <= to) blocks.unshift(block);
  return blocks.map(({ height, id, tenure }) => [height, id, tenure.burnHeight]);
}
const told = (items: readonly StacksItem[]) => items.map(({ height, id, block }) => [height, id, block.burnHeight]);

describe('a session with a gateway over HTTP', () => {
  it('announces the newest block and every later one, with GETs only, and claims what is confirmed', async () => {
    const { told: seen, session } = await opened();
    await expect.poll(() => told(seen.announced)).toEqual(blocksOf(net.tip.height, net.tip.height));
    for (let i = 0; i < 3; i += 1) {
      net.produceBlocks(1);
      await expect.poll(() => seen.announced.at(-1)?.id).toBe(net.tip.id);
    }
    const parentStart = net.tip.height;
    net.produceTenures(2, 3);
    await expect.poll(() => session.claims.height).toBe(parentStart);
    expect(session.claims).toMatchObject({ snapshot: parentStart, earliest: net.network.checkpoint.block.height });
    expect(seen.claims.at(-1)).toEqual(session.claims);
    expect(net.log.all.length).toBeGreaterThan(10);
    expect(new Set(net.log.all.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect([seen.faults, seen.closed]).toEqual([[], []]);
    expect([session.transport, session.latency! > 0, session.received > 0]).toEqual(['http', true, true]);
  });

  it('asks once a poll while nothing is new', async () => {
    const { told: seen } = await opened();
    await expect.poll(() => seen.announced.length).toBe(1);
    net.log.clear();
    await expect.poll(() => net.log.all.length).toBeGreaterThan(3);
    expect(new Set(net.log.all.map(({ path }) => path))).toEqual(new Set(['/v3/tenures/info']));
  });

  it('ranges come whole over tenures, page boundaries and a gateway that ends answers early', async () => {
    const from = net.tip.height + 1;
    net.produceTenures(2, 9);
    net.produceSortitions(1);
    net.produceTenures(1, 4);
    const { session } = await opened();
    for (const [start, count] of [[from, 22], [from + 4, 3], [from + 8, 2], [net.tip.height, 1], [net.tip.height - 1, 50]] as const) {
      const { value, size } = await session.getBlocks(start, count, { headersOnly: true, signal });
      expect(told(value)).toEqual(blocksOf(start, Math.min(start + count - 1, net.tip.height)));
      expect(size).toBeGreaterThan(0);
    }
    await expect(session.getBlocks(net.tip.height + 1, 1, { signal })).rejects.toMatchObject({ code: 'refused' });
  });

  it('another network is refused', async () => {
    const { options } = hooks({ network: { ...net.network, cycleLength: 2100 } });
    await expect(GatewaySession.open(options, { signal })).rejects.toMatchObject({ code: 'other-network', data: { field: 'cycleLength', theirs: 8, ours: 2100 } });
  });
});

describe('a gateway that does wrong', () => {
  it.each([['html', 'malformed'], ['empty', 'refused'], ['endless', 'too-large'], ['gateway-down', 'disconnected']] as const)('%s: no session comes of it', async (fault, code) => {
    net.fault(0, fault);
    await expect(GatewaySession.open(hooks().options, { signal })).rejects.toMatchObject({ code });
  });

  it('another block than asked for is a lie', async () => {
    net.fault(0, 'wrong-id');
    await expect(GatewaySession.open(hooks().options, { signal })).rejects.toMatchObject({ name: 'PeerFault', code: 'block-id', weight: 'lie' });
  });

  it('a hole in a tenure is a lie', async () => {
    net.produceTenures(1, 6);
    const { session } = await opened();
    net.fault(0, 'hole');
    await expect(session.getBlocks(net.tip.height - 4, 5, { signal })).rejects.toMatchObject({ name: 'PeerFault', code: 'block-id', weight: 'lie' });
  });

  it('429: it is left alone, and goes on after that', async () => {
    const { told: seen } = await opened();
    await expect.poll(() => seen.announced.length).toBe(1);
    net.fault(0, 'rate-limited', { seconds: 1 });
    await expect.poll(() => net.log.all.at(-1)?.status).toBe(429);
    net.fault(0, 'none');
    net.produceBlocks(1);
    const before = net.log.all.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(net.log.all.length).toBe(before);
    await expect.poll(() => seen.announced.at(-1)?.id).toBe(net.tip.id);
    expect([seen.faults, seen.closed]).toEqual([[], []]);
  });

  it('one that stands still is closed by its owner, and asked no more', async () => {
    const owner = new AbortController();
    const { options, told: seen } = hooks({ ending: owner.signal });
    await GatewaySession.open(options, { signal });
    owner.abort(new Error('over'));
    const before = net.log.all.length;
    await new Promise((resolve) => setTimeout(resolve, 5 * PACE));
    expect([seen.closed, net.log.all.length]).toEqual([[undefined], before]);
  });
});
