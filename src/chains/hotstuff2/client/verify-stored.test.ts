import { describe, expect, it } from 'vitest';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { networkOfRun, testChain } from '../../../../test/support/hotstuff2/test-chain.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { decodeHeaderItem } from '../chain/hs2-block.ts';
import type { StoredChain } from '../store/hotstuff2-store.ts';
import { encodeChainFile } from './chain-file.ts';
import { importChain } from './import-chain.ts';
import { verifyStored } from './verify-stored.ts';

const network = networkOfRun(vectors.n4);
const n4 = vectors.n4.blocks.map(itemOfVector);
const { signal } = new AbortController();
const headerOf = (height: number) => decodeHeaderItem(n4[height]!.block.headerBytes, n4[height]!.block.qcBytes);

/** A chain whose newest final block is 48, as it would be stored. */
async function world() {
  const { chain } = testChain(network);
  for (const item of n4.slice(1, 50)) await chain.push(item, signal);
  const items = Array.from({ length: 48 }, (_, i) => headerOf(i + 1));
  const stored: StoredChain = {
    record: { root: chain.final, from: 1, blockBytes: 0, hasState: true, checked: chain.checked, links: [] },
    itemsFrom: 1, items, state: chain.state!.entries, pending: chain.pending,
  };
  return { chain, stored };
}

async function check(stored: StoredChain): Promise<string | undefined> {
  const { chain } = testChain(network);
  const broken = await verifyStored(stored, { chain, verify: verifyHere, signal });
  expect(chain.tip().height).toBe(broken === undefined ? 48 : 0);
  return broken;
}

describe('a stored chain', () => {
  it('stands where it was, and goes on from there', async () => {
    const { stored } = await world();
    const { chain } = testChain(network);
    expect(await verifyStored(stored, { chain, verify: verifyHere, signal })).toBeUndefined();
    expect(chain.tip()).toEqual({ height: 48, id: n4[48]!.id });
    expect(await chain.checkState(48)).toBe(true);
    for (const item of n4.slice(49, 60)) expect((await chain.push(item, signal)).kind).toBe('adopted');
    expect(chain.tip().height).toBe(58);
    expect(await chain.block(20)).toMatchObject({ hash: n4[20]!.id, place: 'chain' });
  });

  it('is refused for each thing in it that breaks a rule', async () => {
    const { stored } = await world();
    const { record, items, state } = stored;
    const proof = (change: (bytes: Uint8Array) => Uint8Array) => ({ ...stored, record: { ...record, root: { ...record.root, proof: change(record.root.proof) } } });
    expect(await check(proof((bytes) => bytes.with(280, bytes[280]! ^ 1)))).toMatch(/^qc/u);
    expect(await check(proof((bytes) => bytes.slice(0, 300)))).toBe('truncated');
    expect(await check({ ...stored, record: { ...record, root: { ...record.root, id: n4[47]!.id } } })).toBe('not-final');
    expect(await check({ ...stored, items: items.toSpliced(20, 1) })).toBe('parent');
    expect(await check({ ...stored, items: items.slice(0, -1) })).toBe('parent');
    expect(await check({ ...stored, itemsFrom: 2 })).toBe('parent');
    expect(await check({ ...stored, state: state!.slice(1) })).toBe('state-root');
    expect(await check({ ...stored, state: state!.map((entry, i) => (i === 3 ? { ...entry, value: entry.value.with(0, entry.value[0]! ^ 1) } : entry)) })).toBe('state-root');
    const [set] = [testChain(network).chain.sets.get(n4[0]!.block.header.validators)!];
    expect(await check({ ...stored, record: { ...record, links: [{ set, proof: record.root.proof }] } })).toBe('unknown-set');
  });

  it('whose newest block has no proof of its own must have a certificate', async () => {
    const { stored } = await world();
    const without = { ...stored, record: { ...stored.record, root: { ...stored.record.root, proof: new Uint8Array() } } };
    expect(await check(without)).toBeUndefined();
    expect(await check({ ...without, items: [] })).toBe('no-certificate');
    const { block } = n4[48]!;
    const forged = decodeHeaderItem(block.headerBytes, block.qcBytes.with(block.qcBytes.length - 1, block.qcBytes.at(-1)! ^ 1));
    expect(await check({ ...without, items: [...without.items.slice(0, -1), forged] })).toMatch(/^qc/u);
  });
});

describe('an exported chain', () => {
  const take = async (bytes: Uint8Array, upTo: number) => {
    const { chain, kept } = testChain(network);
    for (const item of n4.slice(1, upTo)) await chain.push(item, signal);
    kept.splice(0);
    return { chain, kept, outcome: await importChain(bytes, { chain, scratch: testChain(network).chain, verify: verifyHere, signal }).catch((error: unknown) => error) };
  };

  it('is taken with its state and the blocks above, if it is further; else nothing changes', async () => {
    const { chain } = await world();
    const bytes = encodeChainFile({ root: chain.final, checked: chain.checked, links: [] }, chain.state, chain.pending);
    const fresh = await take(bytes, 1);
    expect(fresh.outcome).toMatchObject({ kind: 'adopted' });
    expect([fresh.chain.tip().height, fresh.chain.head().height, fresh.chain.state!.root()]).toEqual([48, 49, n4[48]!.block.header.stateRoot]);
    expect(fresh.kept[0]).toMatchObject({ replaces: true });
    expect((await take(bytes, 30)).chain.head().height).toBe(49);
    const ahead = await take(bytes, 60);
    expect(ahead.outcome).toMatchObject({ name: 'ImportError', code: 'not-newer' });
    expect([ahead.chain.head().height, ahead.kept]).toEqual([59, []]);
  });

  it('is refused with a code when a byte of it is changed, or it is cut short', async () => {
    const { chain } = await world();
    const bytes = encodeChainFile({ root: chain.final, checked: chain.checked, links: [] }, chain.state, chain.pending);
    for (let at = 0; at < bytes.length; at += 97) {
      const { chain: other, outcome } = await take(bytes.with(at, bytes[at]! ^ 0x10), 1);
      // The counts of what was checked are bound by nothing, and change nothing: then it is the same chain.
      const came = other.head().height > 0 ? other.head().id : (outcome as { readonly code?: string }).code;
      expect(['damaged', 'refused', n4[49]!.id]).toContain(came);
    }
    for (const length of [0, 5, 300, bytes.length - 1]) expect((await take(bytes.slice(0, length), 1)).outcome).toMatchObject({ code: 'damaged' });
    expect((await take(bytes.with(4, 2), 1)).outcome).toMatchObject({ code: 'damaged', data: { reason: 'version' } });
  });
});
