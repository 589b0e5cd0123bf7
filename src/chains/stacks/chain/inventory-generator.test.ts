import { describe, expect, it } from 'vitest';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import { InventoryGenerator, type GeneratorSource } from './inventory-generator.ts';

const sortitions = chainA.sortitions.slice(42).map((it) => it.consensus_hash);
const blocks = new Map(chainA.headers.map((it) => [it.block_id, { parentId: it.parent_block_id, tenureId: it.consensus_hash }]));
// A fork: a block of a later sortition on top of an early block.
const forkPoint = chainA.headers[20]!.block_id;
blocks.set('fork', { parentId: forkPoint, tenureId: sortitions[3]! });
const source = () => {
  let asked = 0;
  const it: GeneratorSource = {
    blockOf: (id) => blocks.get(id),
    hasTenure: (tip, tenureId) => {
      asked += 1;
      for (let block = blocks.get(tip); block; block = blocks.get(block.parentId)) if (block.tenureId === tenureId) return true;
      return false;
    },
  };
  return { it, asked: () => asked };
};

describe('InvGenerator caching', () => {
  it('gives the same bits with and without a cache over a growing tip and over a fork, and asks less', () => {
    const [cached, fresh] = [source(), source()];
    const generator = new InventoryGenerator(cached.it);
    const tips = [...chainA.headers.map((it) => it.block_id).slice(0, 30), 'fork', ...chainA.headers.map((it) => it.block_id).slice(30)];
    for (const tip of tips) expect(generator.bits(tip, sortitions)).toEqual(new InventoryGenerator(fresh.it).bits(tip, sortitions));
    expect(cached.asked()).toBeLessThan(fresh.asked() / 10);
  });

  it('is never stale after a new tenure: absence is kept, but not of the tenures between', () => {
    const { it, asked } = source();
    const generator = new InventoryGenerator(it);
    const first = chainA.headers.findIndex(({ consensus_hash }) => consensus_hash === sortitions[1]);
    const [before, start] = [chainA.headers[first - 1]!, chainA.headers[first]!];
    expect(generator.bits(before.block_id, [sortitions[1]!, 'ff'])).toEqual([false, false]);
    expect(generator.bits(start.block_id, [sortitions[1]!, 'ff'])).toEqual([true, false]);
    expect(asked()).toBe(3);
  });

  it('starts empty from a tip more than ten blocks above, or of which it knows nothing', () => {
    const { it, asked } = source();
    const generator = new InventoryGenerator(it);
    generator.bits(chainA.headers[0]!.block_id, ['ff']);
    generator.bits(chainA.headers[10]!.block_id, ['ff']);
    expect(asked()).toBe(1);
    generator.bits(chainA.headers[21]!.block_id, ['ff']);
    expect(asked()).toBe(2);
    expect(generator.bits('unknown', ['ff'])).toEqual([false]);
    expect(asked()).toBe(3);
  });
});
