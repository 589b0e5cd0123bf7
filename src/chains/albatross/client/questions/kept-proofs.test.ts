import { describe, expect, it } from 'vitest';
import type { ChainBlock, LightChain } from '../../chain/light-chain.ts';
import { KeptProofs, type Proven } from './kept-proofs.ts';

/** A chain of which only heights count: a block's hash is its branch and its height, and the chain has the blocks of one branch from `from` on. */
function start() {
  const world = { final: 0, from: 0, branch: 'a' };
  const chain = {
    get macroHead() {
      return { height: world.final };
    },
    block: (hash: string) => (Number(hash.slice(1)) >= world.from ? { mainChain: hash.startsWith(world.branch) } : undefined),
  } as unknown as LightChain;
  return { world, kept: new KeptProofs(chain) };
}

const at = (height: number, branch = 'a'): Proven => ({ values: new Map(), block: { height, hash: `${branch}${height}` } as ChainBlock });

describe('the proofs that are kept', () => {
  it('have a final one as soon as the block is final, and keep it beside newer ones', () => {
    const { world, kept } = start();
    kept.keep(['k'], at(5));
    expect(kept.final('k')).toBeUndefined();
    world.final = 10;
    expect(kept.final('k')?.block.height).toBe(5);
    kept.keep(['k', 'l'], at(11));
    expect([kept.final('k')?.block.height, kept.final('l')]).toEqual([5, undefined]);
    kept.keep(['k'], at(12));
    world.final = 20;
    expect([kept.final('k')?.block.height, kept.final('l')?.block.height]).toEqual([12, 11]);
  });

  it('have none whose block was replaced, nor one that the chain no longer holds', () => {
    const { world, kept } = start();
    kept.keep(['k'], at(5));
    world.final = 10;
    kept.keep(['k'], at(12));
    world.branch = 'b';
    world.final = 20;
    expect(kept.final('k')).toBeUndefined();
    world.branch = 'a';
    expect(kept.final('k')?.block.height).toBe(12);
    world.from = 13;
    expect(kept.final('k')).toBeUndefined();
  });

  it('do not lose the final one to one whose block was replaced', () => {
    const { world, kept } = start();
    kept.keep(['k'], at(5));
    world.final = 10;
    kept.keep(['k'], at(12, 'b'));
    world.final = 13;
    kept.keep(['k'], at(14));
    expect(kept.final('k')?.block.height).toBe(5);
  });
});
