import { beforeAll, describe, expect, it } from 'vitest';
import { backFrom } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { gatewayOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { StacksInventory } from '../chain/details.ts';
import type { Gateway } from '../net/gateway.ts';
import { fetchInventory, fetchNewestTenures, MAX_ASKED } from './inventory.ts';

const { signal } = new AbortController();
let net: StacksNet;
beforeAll(async () => {
  net = await smallNet({ cycleLength: 60, cycles: 2 });
  net.produceTenures(40);
});

const bitsOf = (own: StacksNet, from: number, count: number) => {
  const began = new Set([...backFrom(own.tip)].map(({ tenure }) => tenure.burnHeight));
  return Array.from({ length: count }, (_, i) => began.has(from + i));
};
/** Calls until nothing is missing. */
async function whole(gateway: Gateway, cycle: number, own = net, before?: StacksInventory) {
  const parts: StacksInventory[] = before ? [before] : [];
  do parts.push(await fetchInventory(gateway, cycle, own.network, { before: parts.at(-1), signal }));
  while (parts.at(-1)!.next !== undefined);
  return parts;
}

describe('an inventory of a long cycle', () => {
  it('is derived in parts, with one GET a tenure in all', async () => {
    const gateway = gatewayOf(net);
    const parts = await whole(gateway, 2);
    const last = parts.at(-1)!;
    expect(last.bits).toEqual(bitsOf(net, last.from, last.bits.length));
    expect(last.knownFrom).toBe(last.from);
    expect(parts.length).toBeGreaterThan(1);
    const [first] = parts;
    expect(first!.knownFrom).toBeGreaterThan(first!.from);
    expect(first!.bits.slice(first!.knownFrom - first!.from)).toEqual(last.bits.slice(first!.knownFrom - first!.from));
    const winners = net.chain.main.sortitions.filter(({ burnHeight, winner }) => burnHeight >= last.from && winner !== undefined);
    // A further call begins at the newest tenure, and jumps from there.
    expect(gateway.calls.filter((name) => name === 'tenureBlocks').length).toBeLessThanOrEqual(winners.length + parts.length);
    expect(gateway.calls.filter((name) => name === 'sortition').length).toBeLessThanOrEqual(3 * parts.length);
  });

  it('one call asks for no more than its bound, and a later one only for what is new', async () => {
    const own = await smallNet({ cycleLength: 60, cycles: 2 });
    own.produceTenures(30);
    const gateway = gatewayOf(own);
    await fetchInventory(gateway, 2, own.network, { signal });
    expect(gateway.calls.filter((name) => name === 'tenureBlocks')).toHaveLength(MAX_ASKED);
    const done = (await whole(gateway, 2, own)).at(-1)!;
    own.produceTenures(3);
    gateway.calls.length = 0;
    const grown = await fetchInventory(gateway, 2, own.network, { before: done, signal });
    expect(grown.bits).toEqual(bitsOf(own, grown.from, done.bits.length + 3));
    expect(gateway.calls.filter((name) => name === 'tenureBlocks')).toHaveLength(4);
    // Other Bitcoin blocks: what was found of the old ones does not count.
    own.reorg(5, 1);
    own.produceTenures(2);
    const replaced = (await whole(gateway, 2, own, grown)).at(-1)!;
    expect(replaced.bits).toEqual(bitsOf(own, replaced.from, replaced.bits.length));
  });

  it('keeps what it has when the gateway has had enough, and nothing of another gateway', async () => {
    let left = 5;
    const { tenureBlocks } = gatewayOf(net);
    const tired = gatewayOf(net, { tenureBlocks: async (tenure, ask) => (left-- > 0 ? tenureBlocks(tenure, ask) : Promise.reject(new RequestError('rate-limited', 'enough'))) });
    const part = await fetchInventory(tired, 2, net.network, { signal });
    expect([part.bits.slice(part.knownFrom - part.from).length, part.next]).toEqual([expect.any(Number), expect.stringMatching(/^[0-9a-f]{40}$/u)]);
    await expect(fetchInventory(tired, 2, net.network, { signal })).rejects.toMatchObject({ code: 'rate-limited' });
    const other = gatewayOf(net, { url: 'http://127.0.0.1:2' });
    const fresh = await fetchInventory(other, 2, net.network, { before: part, signal });
    expect([fresh.gateway, other.calls.filter((name) => name === 'tenureBlocks').length]).toEqual(['http://127.0.0.1:2', MAX_ASKED]);
  });

  it('refuses heights that do not descend, and a cycle that has not begun; ends at the signal', async () => {
    const { tenureBlocks } = gatewayOf(net);
    const circle = gatewayOf(net, { tenureBlocks: async (tenure, ask) => tenureBlocks(tenure, ask).then((answer) => answer && { ...answer, lastSortition: tenure }) });
    await expect(fetchInventory(circle, 2, net.network, { signal })).rejects.toMatchObject({ code: 'refused' });
    await expect(fetchInventory(gatewayOf(net), 9, net.network, { signal })).rejects.toMatchObject({ code: 'cycle-not-begun' });
    const given = AbortSignal.abort(new Error('given up'));
    const stopping = gatewayOf(net, { tenureBlocks: async () => Promise.reject(given.reason as Error) });
    await expect(fetchInventory(stopping, 2, net.network, { signal: given })).rejects.toThrow('given up');
  });
});

describe('the newest tenures of a cycle', () => {
  it.each([[1, 3], [1, 500], [2, 4], [2, 500]])('of cycle %i, at least %i: each names the first block of the one before', async (cycle, most) => {
    const gateway = gatewayOf(net);
    const { wanted, next } = await fetchNewestTenures(gateway, cycle, most, net.network, { signal });
    const began = [...new Set([...backFrom(net.tip)].map(({ tenure }) => tenure))].filter((tenure) => net.chain.cycleOf(tenure) === cycle).toReversed();
    expect(wanted.slice(-most).map(({ tenureId }) => tenureId)).toEqual(began.slice(-most).map(({ consensusHash }) => consensusHash));
    expect([next.length >= 2, next.length > 0]).toEqual(cycle === 1 ? [true, true] : [false, false]);
    const committed = new Map(net.chain.main.sortitions.map(({ consensusHash, winner }) => [consensusHash, winner?.committed]));
    // In epoch 2.x a winner commits to its own block.
    for (const { tenureId, winningBlockId } of [...wanted, ...next].slice(1).filter(({ burnHeight }) => burnHeight > net.chain.nakamotoHeight)) expect(winningBlockId).toBe(committed.get(tenureId));
    expect(gateway.calls.length).toBeLessThan(most + 30 + (most > 100 ? -400 : 0));
  });
});
