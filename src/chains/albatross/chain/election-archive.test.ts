import { describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../test/support/fake-chain.ts';
import { macroBlock } from '../wire/blocks.ts';
import { encode } from '../../../base/postcard/codec.ts';
import type { MacroBlock } from '../wire/types.ts';
import { ElectionArchive } from './election-archive.ts';

const chain = new FakeChain().growTo(712);
const election = (height: number) => ({ hash: chain.at(height).hash, block: chain.at(height).block as MacroBlock });

describe('ElectionArchive', () => {
  it('returns whole blocks, and the unbroken run of them below one block', () => {
    const archive = new ElectionArchive();
    for (const height of [328, 456, 584]) archive.add(election(height).hash, election(height).block);
    expect(archive.get(election(456).hash)).toEqual(election(456).block);
    expect(Array.from(archive.below(election(712).block))).toEqual([584, 456, 328].map((height) => [height, election(height).hash]));
    expect(archive.get('00'.repeat(32))).toBeUndefined();
  });

  it('returns nothing beyond a gap', () => {
    const archive = new ElectionArchive();
    for (const height of [328, 584]) archive.add(election(height).hash, election(height).block);
    expect(Array.from(archive.below(election(712).block).keys())).toEqual([584]);
    expect(Array.from(archive.below(election(584).block).keys())).toEqual([]);
  });

  it('has a bound, above which it drops the oldest blocks', () => {
    const archive = new ElectionArchive({ maxBytes: 1 });
    archive.add(election(328).hash, election(328).block);
    expect(archive.get(election(328).hash)).toBeUndefined();
    const few = new ElectionArchive({ maxBytes: Math.floor(2.5 * encode(macroBlock, election(328).block).length) });
    for (const height of [456, 328, 584]) few.add(election(height).hash, election(height).block);
    expect(few.get(election(584).hash)).toBeDefined();
    expect(few.get(election(328).hash)).toBeUndefined();
  });
});
