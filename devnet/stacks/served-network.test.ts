import { afterEach, expect, it } from 'vitest';
import { cycleOf, firstHeightOf } from '../../src/chains/stacks/chain/cycles.ts';
import { inventoryBits } from '../../src/chains/stacks/chain/tenure-inventory.ts';
import { collectInventories } from './inventory/collect.ts';
import { hasNakamotoTenure, peerOptionsOf, servedChainOf } from './served-network.ts';
import { StacksNet } from './stacks-net.ts';
import { startTcpPeer, type TcpPeer } from './tcp-peer.ts';

const open: (StacksNet | TcpPeer)[] = [];
const start = async () => {
  const net = await StacksNet.start({ cycleLength: 10, prepareLength: 3, cycles: 2 });
  open.push(net);
  return net;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((it) => it.close()));
});

/** The bits of all cycles without any table. */
const freshBits = (net: StacksNet) => {
  const { chain } = net;
  const { rules } = chain.options;
  const tip = chain.main.sortitions.at(-1)!.burnHeight;
  return Array.from({ length: cycleOf(tip, rules) + 1 }, (_, cycle) => inventoryBits(cycle, tip, (height) => hasNakamotoTenure(chain.main.tip, chain.main.sortitions[height - rules.firstBurnHeight]!.consensusHash), rules));
};

it('InvGenerator caching: the bits with tables by tip are those without, over a growing tip, a fork and other Bitcoin blocks', async () => {
  const net = await start();
  const served = servedChainOf(net.chain);
  const { rules } = net.chain.options;
  const cached = () => {
    const tip = net.chain.main.sortitions.at(-1)!.burnHeight;
    return Array.from({ length: cycleOf(tip, rules) + 1 }, (_, cycle) => inventoryBits(cycle, tip, served.hasTenure, rules));
  };
  const seen = new Set<string>();
  const look = () => {
    const bits = cached();
    expect(bits).toEqual(freshBits(net));
    seen.add(JSON.stringify(bits));
  };
  look();
  for (const step of [
    () => net.produceBlocks(1), () => net.produceTenures(1, 2), () => net.produceSortitions(1, true), () => net.produceBlocks(1), () => net.produceTenures(2, 1), () => net.fork(2, 2), () => net.produceTenures(1, 1),
    () => net.reorg(2, 1), () => net.produceTenures(1, 12), () => net.fork(1, 1), () => net.nextCycle(),
  ]) {
    step();
    look();
  }
  expect(seen.size).toBeGreaterThan(6);
});

it('the command asks a local network for its inventories: gateway over HTTP, peer over TCP', async () => {
  const net = await start();
  net.produceSortitions(1, true);
  net.produceTenures(2, 2);
  const peer = await startTcpPeer(peerOptionsOf(net.chain));
  open.push(peer);
  const { lines } = await collectInventories({ peers: [{ host: '127.0.0.1', port: peer.port }], cycle: undefined, gateway: undefined, peerVersion: undefined }, net.network);
  const { rules } = net.chain.options;
  const bits = freshBits(net).map((it) => it.map(Number).join(''));
  expect(lines[1]).toContain("(the gateway's node)");
  expect(lines.slice(2)).toEqual(bits.slice(1).map((text, i) => `  cycle ${i + 1}, heights from ${firstHeightOf(i + 1, rules)}: ${text}`));
  expect(bits[1]).toMatch(/^001/u);
});
