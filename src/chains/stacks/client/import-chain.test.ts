import { beforeAll, describe, expect, it } from 'vitest';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { peerOf } from '../../../../test/support/stacks/line-of.ts';
import { chainOf, gatewayOf, itemOf, smallNet, verifyOnce } from '../../../../test/support/stacks/stacks-world.ts';
import type { StacksNetwork } from '../chain/network.ts';
import { decodeChainFile, encodeChainFile, storedOf } from './chain-file.ts';
import { importChain } from './import-chain.ts';
import { verifyStored } from './verify-stored.ts';

const { signal } = new AbortController();
let net: StacksNet;
let network: StacksNetwork;

async function synced(own: StacksNet, params = network) {
  const world = chainOf(params);
  const { peer } = peerOf(own, world, gatewayOf(own));
  const target = await peer.proveTarget(0, { signal });
  await world.chain.snapshots!.import({ id: '', height: target.height, chunks: 0, size: undefined }, []);
  for (const item of (await peer.getBlocks(target.height + 1, 1_000, { signal })).value) await world.chain.push(item, signal);
  return world;
}
const taken = (bytes: Uint8Array, world: ReturnType<typeof chainOf>) => importChain(bytes, { network, chain: world.chain, scratch: chainOf(network).chain, verify: verifyOnce, signal });

beforeAll(async () => {
  net = await smallNet();
  ({ network } = net);
});

describe('a chain in one piece', () => {
  it('is verified and taken by a client at the checkpoint, with cycles, head and what is confirmed', async () => {
    const { chain } = await synced(net);
    const other = chainOf(network);
    const outcome = await taken(encodeChainFile(chain), other);
    expect(outcome).toMatchObject({ kind: 'adopted', reverted: [] });
    expect([other.chain.tip(), other.chain.head(), other.chain.cycles.newest]).toEqual([chain.tip(), chain.head(), 3]);
    expect(other.kept.at(-1)).toMatchObject({ replaces: true });
    await expect(taken(encodeChainFile(chain), other)).rejects.toMatchObject({ name: 'ImportError', code: 'not-newer' });
  });

  it('cut or with a changed byte it is refused with a code, and the head stays or is the right one', async () => {
    const { chain } = await synced(net);
    const bytes = encodeChainFile(chain);
    const world = chainOf(network);
    for (let at = 0; at < 60; at += 1) {
      const changed = bytes.slice();
      changed[Math.floor((at * bytes.length) / 60)]! ^= 0x21;
      const code = await taken(changed, world).then(() => 'taken', (error: unknown) => (error as { readonly code?: string }).code);
      expect(code).toMatch(/^(?:taken|damaged|refused|not-linked|not-newer)$/u);
      expect(world.chain.head().id).toBe(code === 'taken' ? net.tip.id : network.checkpoint.block.id);
      world.chain.reset();
    }
    for (const length of [0, 10, bytes.length - 1]) await expect(taken(bytes.slice(0, length), world)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('that does not show two later tenures on its confirmed block is refused', async () => {
    const { chain } = await synced(net);
    const file = decodeChainFile(encodeChainFile(chain));
    const newest = file.blocks.at(-1)!.item.block.header.consensusHash;
    const cut = { ...file, blocks: file.blocks.filter(({ item }) => item.block.header.consensusHash !== newest) };
    expect(await verifyStored(cut, { network, chain: chainOf(network).chain, verify: verifyOnce, shows: true, signal })).toBe('not-confirmed');
    expect(await verifyStored(cut, { network, chain: chainOf(network).chain, verify: verifyOnce, shows: false, signal })).toBeUndefined();
    const unsigned = { ...file, blocks: file.blocks.map(({ item, cycle }) => ({ cycle, item: { ...item, block: { ...item.block, header: { ...item.block.header, signerSignatures: [] } } } })) };
    expect(await verifyStored(unsigned, { network, chain: chainOf(network).chain, verify: verifyOnce, shows: false, signal })).toBe('not-signed');
    expect(await verifyStored({ ...file, handOvers: file.handOvers.toReversed() }, { network, chain: chainOf(network).chain, verify: verifyOnce, shows: false, signal })).toBe('signers');
  });

  it('that names an earlier cycle for its blocks, as after a false date, is put right; one with thousands of signatures in a header is refused', async () => {
    const { chain } = await synced(net);
    const file = decodeChainFile(encodeChainFile(chain));
    const low = { ...file, blocks: file.blocks.map((block) => ({ ...block, cycle: Math.min(2, block.cycle) })) };
    const late = chainOf(network).chain;
    expect(await verifyStored(low, { network, chain: late, verify: verifyOnce, shows: true, signal })).toBeUndefined();
    expect(late.branch().at(-1)).toMatchObject({ cycle: 3, item: { id: net.tip.id } });
    const first = file.blocks[0]!.item;
    const swollen = { ...first, block: { ...first.block, header: { ...first.block.header, signerSignatures: Array.from({ length: 4_000 }, () => new Uint8Array(65)) } } };
    const large = { ...file, blocks: [{ ...file.blocks[0]!, item: swollen }, ...file.blocks.slice(1)] };
    expect(await verifyStored(large, { network, chain: chainOf(network).chain, verify: verifyOnce, shows: true, signal })).toBe('signer-twice');
  });

  it('whose record is behind its own blocks stands where these say', async () => {
    const { chain } = await synced(net);
    const file = decodeChainFile(encodeChainFile(chain));
    // A record that names the block before the newest confirmed one, with all blocks after it as pending.
    const [root] = file.blocks;
    const before = itemOf(net.viewOf(0).at(root!.item.height - 1)!);
    const record = { ...file.record, root: { height: before.height, id: before.id, time: before.block.header.timestamp, cycle: root!.cycle } };
    const late = chainOf(network).chain;
    expect(await verifyStored({ ...file, record, blocks: [{ item: before, cycle: root!.cycle }, ...file.blocks] }, { network, chain: late, verify: verifyOnce, shows: true, signal })).toBeUndefined();
    expect(late.tip()).toEqual(chain.tip());
    expect(late.view(late.tip())).toMatchObject({ finality: 'final', details: { grade: 'confirmed' } });
  });

  it('further ahead it is taken if it shows our confirmed block, else not', async () => {
    const own = await smallNet();
    const behind = await synced(own);
    for (const block of own.produceTenures(1)) await behind.chain.push(itemOf(block), signal);
    const ahead = await synced(own);
    const lone = chainOf(network);
    await taken(encodeChainFile(behind.chain), lone);
    const before = lone.chain.tip();
    for (const block of own.produceTenures(2)) await behind.chain.push(itemOf(block), signal);
    expect((await taken(encodeChainFile(behind.chain), lone)).kind).toBe('adopted');
    expect(lone.chain.tip().height).toBeGreaterThan(before.height);
    for (const block of own.produceTenures(1)) await behind.chain.push(itemOf(block), signal);
    expect(storedOf(ahead.chain, 2_048).blocks.length).toBeGreaterThan(0);
    const jumped = await synced(own);
    await expect(taken(encodeChainFile(jumped.chain), ahead)).rejects.toMatchObject({ code: 'not-linked' });
  });
});
