import { describe, expect, it } from 'vitest';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { LightChain } from '../src/chains/albatross/chain/light-chain.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import { runJobNow } from '../src/crypto/run-job.ts';
import { makeBranch } from './branch.ts';
import { DevChain, type Taken } from './chain.ts';
import type { DevBlock } from './dev-block.ts';
import { Trouble } from './trouble.ts';
import { validatorPool } from './validator-pool.ts';
import { unitValidator, type DevValidator } from './validators.ts';

const UNIT: readonly DevValidator[] = [unitValidator(loadGenesis(unitAlbatross).header.validators![0]!)];
const NOW = 1_800_000_000_000;

function devChain(seed: string, pool = false): DevChain {
  return new DevChain({ network: unitAlbatross, seed, genesisValidators: UNIT, ...(pool ? { pool: validatorPool(seed, 3) } : { electedValidators: UNIT }), now: () => NOW });
}

/** Makes blocks with trouble up to a height. Returns every block in the order it was made, with the result of adding it. */
function run(chain: DevChain, trouble: Trouble, until: number): { block: DevBlock; taken: Taken }[] {
  const told: { block: DevBlock; taken: Taken }[] = [];
  const take = (block: DevBlock): void => void told.push({ block, taken: chain.take(block) });
  while (chain.head.height < until) {
    take(chain.next({ skip: trouble.skipsAt(chain.head.height + 1) }));
    const plan = trouble.branchNow(chain);
    const branch = plan && makeBranch(chain, plan, NOW);
    if (typeof branch === 'object') branch.forEach(take);
  }
  return told;
}

describe('the chain in trouble', () => {
  it('leads the light chain to the same blocks, adopted and reverted in the same order', async () => {
    const dev = devChain('trouble 6', true);
    const told = run(dev, new Trouble({ skipEvery: 50, forkEvery: 7, withhold: 0 }, 'trouble 6'), 335);
    const light = new LightChain({ network: unitAlbatross, verify: (job) => Promise.resolve(runJobNow(job)), clock: { now: () => NOW + 500_000 } });
    const hashes = (blocks: readonly { hash: string }[]): string[] => blocks.map(({ hash }) => hash);
    for (const { block, taken } of told) {
      const pushed = await light.push(block.block);
      const extended = taken.reverted.length === 0 ? { result: 'extended', adopted: hashes(taken.adopted), reverted: [] } : undefined;
      const expected = taken.main ? (extended ?? { result: 'rebranched', adopted: hashes(taken.adopted), reverted: hashes(taken.reverted) }) : 'beside';
      const beside = pushed.result === 'forked' || pushed.result === 'ignored';
      const adopted = 'adopted' in pushed ? hashes(pushed.adopted) : [];
      expect(beside ? 'beside' : { result: pushed.result, adopted, reverted: 'reverted' in pushed ? hashes(pushed.reverted) : [] }).toEqual(expected);
    }
    const switches = told.filter(({ taken }) => taken.reverted.length > 0);
    const seen = {
      side: told.filter(({ taken }) => !taken.main).length,
      rebranched: switches.length,
      shorter: switches.filter(({ block, taken }) => taken.reverted.at(-1)!.height > block.height).length,
      macro: switches.filter(({ block }) => block.block.type === 'macro').length,
    };
    expect(light.head.hash).toBe(dev.head.hash);
    // This seed produces at least one case of each kind.
    expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
  });

  it('is the same for the same seed, also when the blocks are added again in their order', () => {
    const runs = ['x', 'x', 'y'].map((seed) => {
      const chain = devChain(seed);
      return { chain, told: run(chain, new Trouble({ skipEvery: 7, forkEvery: 4, withhold: 0 }, seed), 240) };
    });
    expect(runs[1]!.chain.head.hash).toBe(runs[0]!.chain.head.hash);
    expect(runs[2]!.chain.head.hash).not.toBe(runs[0]!.chain.head.hash);
    const again = devChain('z');
    for (const { block } of runs[0]!.told) again.take(block);
    expect(again.head.hash).toBe(runs[0]!.chain.head.hash);
  });

  it('withholds the requested share', () => {
    const trouble = new Trouble({ skipEvery: undefined, forkEvery: undefined, withhold: 0.25 }, 'share');
    const withheld = Array.from({ length: 2000 }, (_, i) => trouble.withholds(String(i))).filter(Boolean).length;
    expect(withheld).toBeGreaterThan(400);
    expect(withheld).toBeLessThan(600);
    expect(new Trouble({ skipEvery: undefined, forkEvery: undefined, withhold: 0 }, 'share').withholds('1')).toBe(false);
  });
});

describe('a branch', () => {
  const grown = (height: number): DevChain => {
    const chain = devChain('branch');
    while (chain.head.height < height) chain.produce();
    return chain;
  };

  it('stays a side branch until it is longer', () => {
    const chain = grown(210);
    const left = [209, 210].map((height) => chain.at(height)!);
    const branch = makeBranch(chain, { back: 2, n: 3, skip: false }, NOW) as readonly DevBlock[];
    expect(chain.take(branch[0]!)).toEqual({ main: false, adopted: [], reverted: [] });
    expect(chain.take(branch[1]!).main).toBe(false);
    expect(chain.head.height).toBe(210);
    expect(chain.take(branch[2]!)).toEqual({ main: true, adopted: branch, reverted: left });
    expect(chain.onMain(left[0]!)).toBe(false);
    expect(chain.byHash(left[0]!.hash)).toBe(left[0]);
  });

  it('wins with a skip block although it is shorter, and then holds against a longer branch', () => {
    const chain = grown(210);
    const [skip] = makeBranch(chain, { back: 3, n: 1, skip: true }, NOW) as readonly DevBlock[];
    expect(chain.take(skip!).reverted.map(({ height }) => height)).toEqual([208, 209, 210]);
    expect(chain.head).toBe(skip);
    const ordinary = makeBranch(chain, { back: 1, n: 3, skip: false }, NOW) as readonly DevBlock[];
    for (const block of ordinary) expect(chain.take(block).main).toBe(false);
    expect(chain.head).toBe(skip);
  });

  it('may end with the macro block, which wins, but extends no further', () => {
    const chain = grown(231);
    const branch = makeBranch(chain, { back: 2, n: 3, skip: false }, NOW) as readonly DevBlock[];
    for (const block of branch) chain.take(block);
    expect(chain.macroHead).toBe(branch[2]);
    const other = grown(231);
    expect(makeBranch(other, { back: 2, n: 4, skip: false }, NOW)).toBe('past-macro');
    expect(makeBranch(other, { back: 32, n: 1, skip: false }, NOW)).toBe('below-macro');
    other.take((makeBranch(other, { back: 1, n: 1, skip: true }, NOW) as readonly DevBlock[])[0]!);
    expect(makeBranch(other, { back: 1, n: 1, skip: true }, NOW)).toBe('exists');
  });
});
