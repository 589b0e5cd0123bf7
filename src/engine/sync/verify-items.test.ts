import { describe, expect, it } from 'vitest';
import { FakeHistory, FakeSyncChain } from '../../../test/support/fake-sync-chain.ts';
import type { FakeBlock, FakeChainOptions } from '../../../test/support/fake-sync-chain.ts';
import { checkItem } from './check-items.ts';
import type { Item } from './sync-chain.ts';
import { verifyItems } from './verify-items.ts';

const history = new FakeHistory(1, 100);
const verify = (items: readonly Item<FakeBlock>[], options: FakeChainOptions = {}, each = true) => {
  const chain = new FakeSyncChain(history, options);
  return verifyItems(chain, items, chain.tip(), undefined, each, new AbortController().signal);
};
const run = (from: number, to: number, ...forged: readonly Item<FakeBlock>[]) => history.blocks.slice(from, to + 1).map((item) => forged.find(({ height }) => height === item.height) ?? item);

describe('7.1 verify_block_chain', () => {
  it('a whole chain that follows on the tip: all final', async () => {
    const verdicts = await verify(run(1, 100));
    expect(verdicts).toHaveLength(100);
    expect(verdicts.every(({ passed, fault }) => passed === 'finality' && fault === undefined)).toBe(true);
  });

  it('without an anchor no block is more than certified', async () => {
    expect((await verify(run(40, 50))).every(({ passed }) => passed === 'signature')).toBe(true);
    expect(await verify([])).toEqual([]);
  });

  it('one bad of 50: exactly that one has the fault, and its children are not linked', async () => {
    for (const [what, stage] of [['structure', 'structure'], ['link', 'link']] as const) {
      const verdicts = await verify(run(1, 50, history.forged(31, what)));
      expect(verdicts.filter(({ fault }) => fault)).toMatchObject([{ height: 31, passed: stage === 'link' ? 'structure' : undefined, fault: { stage, weight: 'lie' } }]);
      expect(verdicts.slice(0, 30).every(({ passed }) => passed === 'finality')).toBe(true);
      expect(verdicts.slice(31).every(({ passed }) => passed === 'structure')).toBe(true);
    }
  });

  it('a bad certificate: those before it are certified, those after it linked', async () => {
    const verdicts = await verify(run(1, 50, history.forged(31, 'certificate')));
    expect(verdicts.map(({ passed }) => passed)).toEqual([...Array<string>(30).fill('finality'), ...Array<string>(20).fill('link')]);
    expect(verdicts[30]!.fault).toMatchObject({ code: 'bad-certificate', stage: 'signature' });
  });

  it('what is not final yet is certified and has no fault', async () => {
    const chain = new FakeSyncChain(history, { finality: 'chained' });
    const verdicts = await verifyItems(chain, run(1, 10), chain.tip(), { height: 100, id: history.tip.id, proven: true }, true, new AbortController().signal);
    expect(verdicts.map(({ passed }) => passed)).toEqual([...Array<string>(9).fill('finality'), 'signature']);
    expect(verdicts[9]!.fault).toBeUndefined();
  });

  it('fast_validate_block: structure and link only, so a forged certificate is not seen', () => {
    const chain = new FakeSyncChain(history);
    expect(checkItem(chain, history.forged(5, 'certificate'), history.blocks[4])).toBeUndefined();
    expect(checkItem(chain, history.blocks[6]!, history.blocks[4])).toMatchObject({ stage: 'link', at: 6 });
    expect(checkItem(chain, history.blocks[6]!, undefined)).toBeUndefined();
  });
});
