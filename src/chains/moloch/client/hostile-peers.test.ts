import { describe, expect, it } from 'vitest';
import { blockAfter, eventOf, makeChain, networkOf, validators } from '../../../../test/support/moloch-chain-maker.ts';
import type { Item } from '../../../engine/sync/sync-chain.ts';
import { MAX_EVENT_LEAD } from '../chain/block-rules.ts';
import { itemOf, type MolochBlock } from '../chain/moloch-block.ts';
import { MolochChain } from './moloch-chain.ts';

const made = makeChain(4);
const { signal } = new AbortController();

function open(now: () => number) {
  const early: Item<MolochBlock>[] = [];
  const chain = new MolochChain({
    network: networkOf(made[0]!), now, sink: { blocks: async () => undefined, replaced: async () => undefined },
    early: (item) => void early.push(item),
  });
  return { chain, early };
}

describe('blocks whose events are ahead of the clock', () => {
  const event = eventOf(1);
  it('one with a bad seal is refused when it comes, and does not wait', async () => {
    const { chain, early } = open(() => event.time - MAX_EVENT_LEAD - 1);
    const { block, size } = blockAfter(made[0], { events: [event], signers: 0 }).item;
    const bad = itemOf({ ...block, header: { ...block.header, seal: block.header.seal.with(0, block.header.seal[0]! ^ 1) } }, size);
    expect(await chain.push(bad, signal)).toMatchObject({ kind: 'fault', fault: { code: 'bad-seal', weight: 'lie' } });
    expect(early).toEqual([]);
  });

  it('one that breaks a rule after it has waited is dropped: who gives it again is not to blame', async () => {
    let now = event.time - MAX_EVENT_LEAD - 1;
    const { chain, early } = open(() => now);
    const bad = blockAfter(made[0], { events: [event], signers: 0, header: { mmrRoot: 'a'.repeat(64) } }).item;
    expect(await chain.push(bad, signal)).toEqual({ kind: 'held' });
    now += 10_000;
    expect(await chain.push(early[0]!, signal)).toEqual({ kind: 'known' });
    expect(await chain.push({ ...bad }, signal)).toMatchObject({ kind: 'fault', fault: { code: 'mmr-root' } });
  });
});

describe('a tree that one validator filled', () => {
  it('does not stop a sync, whose peers are not to blame', async () => {
    const { chain } = open(() => Number.MAX_SAFE_INTEGER);
    let at = made[0]!;
    for (let i = 0; i < 512; i += 1) {
      at = blockAfter(at, { branch: 'bad', signers: 0, header: { sealer: validators[3]! } });
      chain.state.add(at.item);
    }
    const run = made.slice(1).map(({ item: { block, size } }, i) => itemOf({ ...block, signatures: i === 3 ? block.signatures : [] }, size));
    expect(await chain.apply(run)).toBeUndefined();
    expect(chain.tip()).toEqual({ height: 4, id: made[4]!.item.id });
  });
});

describe('a chain that stands still', () => {
  it('takes no file: it would choose between two final blocks', async () => {
    const { chain } = open(() => Number.MAX_SAFE_INTEGER);
    const { chain: other } = open(() => Number.MAX_SAFE_INTEGER);
    const items = made.map(({ item }) => item);
    await other.apply(items.slice(1));
    await chain.apply(items.slice(1, 3));
    await chain.push(blockAfter(made[1], { branch: 'b' }).item, signal);
    expect(chain.halted()).toBeDefined();
    await expect(chain.importSnapshot(other.exportSnapshot(), signal)).rejects.toMatchObject({ code: 'refused', data: { reason: 'halted' } });
    expect([chain.tip().height, chain.halted()?.height]).toEqual([2, 2]);
  });
});
