import { describe, expect, it } from 'vitest';
import { chainA, exchanges, inventoriesA } from '../../../../test/support/stacks-vectors.ts';
import { fromHex } from '../../../base/bytes.ts';
import { bitsOf, readBitVector } from '../wire/bit-vector.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { decodeFrame } from '../wire/frame.ts';
import { askedHeightOf, firstHeightOf } from './cycles.ts';
import { deriveInventory, inventoryBits, TenureInventory } from './tenure-inventory.ts';

const rules = { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 };
const starts = new Set(chainA.headers.filter(({ tenure_change }) => tenure_change.some(({ cause }) => cause === 0)).map(({ burn_height }) => burn_height));
const tip = chainA.sortitions.at(-1)!.height;
const text = (bits: readonly boolean[]) => bits.map(Number).join('');

describe('the generator rule of NakamotoInv', () => {
  it('gives the recorded bits of all cycles, cut at the tip', () => {
    expect(inventoriesA.inventories).toHaveLength(8);
    for (const { cycle, bits, wire } of inventoriesA.inventories) {
      expect(text(inventoryBits(cycle, tip, (height) => starts.has(height), rules))).toBe(bits);
      expect(text(bitsOf(readBitVector(new ByteReader(fromHex(wire)), 2100, 'bits')))).toBe(bits);
    }
    expect(inventoryBits(8, tip, () => true, rules)).toEqual([]);
  });

  it('gives the same from what a gateway lists, with a winner that built nothing, and calls it derived', () => {
    const counts = new Map<string, number>();
    for (const { consensus_hash } of chainA.headers) counts.set(consensus_hash, (counts.get(consensus_hash) ?? 0) + 1);
    const sortitions = chainA.sortitions.map((it) => ({ burnHeight: it.height, consensusHash: it.consensus_hash, blocks: counts.get(it.consensus_hash) ?? 0 }));
    for (const { cycle, bits } of inventoriesA.inventories) {
      const derived = deriveInventory(cycle, tip, sortitions, rules);
      expect(derived.source).toBe('derived');
      expect(text(derived.bits)).toBe(bits);
    }
  });
});

describe('GetNakamotoInv / NakamotoInv', () => {
  it('is asked with the hash one above the height of bit 0, so that the bits line up with the tenures', () => {
    const byHash = new Map(chainA.sortitions.map((it) => [it.consensus_hash, it.height]));
    const inventory = new TenureInventory(rules);
    for (const { req, rep, what } of exchanges.slice(0, 36).filter((it) => /^GetNakamotoInv cycle [4-7] mod 1/u.test(it.what))) {
      const [{ message: request }, { message: reply }] = [decodeFrame(fromHex(req)), decodeFrame(fromHex(rep))];
      const cycle = Number(/cycle (\d)/u.exec(what)![1]);
      expect(request.kind === 'GetNakamotoInv' && byHash.get(request.consensusHash)).toBe(askedHeightOf(cycle, rules));
      inventory.replace(cycle, reply.kind === 'NakamotoInv' ? bitsOf(reply.tenures) : []);
    }
    for (let height = 40; height <= tip; height += 1) expect([height, inventory.has(height)]).toEqual([height, starts.has(height)]);
    // The mistake by one shifts every bit.
    const shifted = Array.from({ length: 30 }, (_, i) => inventory.has(43 + i) === starts.has(42 + i));
    expect(shifted).toContain(false);
  });
});

describe('NakamotoTenureInv', () => {
  it('replaces the bits of a cycle, also by fewer, and knows nothing elsewhere', () => {
    const inventory = new TenureInventory({ ...rules, firstBurnHeight: 3 });
    inventory.replace(1, [true, true]);
    expect([12, 13, 14, 15].map((height) => inventory.has(height))).toEqual([false, true, true, false]);
    inventory.replace(1, [false, true]);
    expect([13, 14].map((height) => inventory.has(height))).toEqual([false, true]);
    expect(inventory.has(2)).toBe(false);
    inventory.replace(2, Array.from({ length: 12 }, () => true));
    expect(inventory.bits(2)).toHaveLength(10);
    expect(inventory.bits(3)).toEqual([]);
  });

  it('forgets the oldest cycle at its bound', () => {
    const inventory = new TenureInventory(rules);
    for (let cycle = 0; cycle < 81; cycle += 1) inventory.replace(cycle, [true]);
    expect(inventory.bits(0)).toEqual([]);
    expect(inventory.has(firstHeightOf(1, rules))).toBe(true);
  });
});
