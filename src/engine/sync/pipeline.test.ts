import { describe, expect, it } from 'vitest';
import { BLOCK_SIZE, FakeHistory, FakeSyncChain } from '../../../test/support/fake-sync-chain.ts';
import type { FakeBlock, FakeChainOptions } from '../../../test/support/fake-sync-chain.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import type { StageFault } from './check-items.ts';
import { Pipeline } from './pipeline.ts';
import type { Item } from './sync-chain.ts';

function setup(options: { readonly size?: number; readonly each?: boolean; readonly chain?: FakeChainOptions } = {}) {
  const history = new FakeHistory(1, 300);
  const chain = new FakeSyncChain(history, options.chain);
  const blamed: { readonly peer: string; readonly fault: StageFault }[] = [];
  const lost: number[] = [];
  const applied: { readonly height: number; readonly peer: string }[] = [];
  const stages = new Set<string>();
  const pipeline = new Pipeline<FakeBlock>({
    chain, clock: new ManualClock(), each: options.each ?? false, headersOnly: false, size: options.size ?? 256,
    watch: {
      blame: (peer, fault) => void blamed.push({ peer, fault }),
      lost: (heights) => void lost.push(...heights),
      applied: (items, peerOf) => void applied.push(...items.map(({ height }) => ({ height, peer: peerOf(height) }))),
      measured: (stage) => void stages.add(stage),
    },
  });
  const blocks = (from: number, to: number, ...forged: readonly Item<FakeBlock>[]) => history.blocks.slice(from, to + 1).map((item) => forged.find(({ height }) => height === item.height) ?? item);
  const step = (given: Partial<Parameters<typeof pipeline.step>[0]> = {}) =>
    pipeline.step({ target: { height: 300, id: history.tip.id, proven: true }, gather: 256, limit: Infinity, signal: new AbortController().signal, ...given });
  return { history, chain, pipeline, blamed, lost, applied, stages, blocks, step };
}

describe('the pipeline', () => {
  it('takes runs in any order, gathers them, and lets one check of signatures cover them', async () => {
    const { pipeline, chain, blocks, step, applied, stages } = setup();
    pipeline.add('b', blocks(65, 128));
    expect(await step()).toBe('empty');
    expect(pipeline.needed).toBe(1);
    pipeline.add('a', blocks(1, 64));
    expect(pipeline.needed).toBe(129);
    expect(await step()).toBe('applied');
    expect(chain.runs).toEqual([128]);
    expect(applied).toHaveLength(128);
    expect(applied[63]).toEqual({ height: 64, peer: 'a' });
    expect(applied[64]).toEqual({ height: 65, peer: 'b' });
    expect(Array.from(stages)).toEqual(['structure', 'link', 'signature', 'finality', 'state']);
    expect(pipeline.waiting).toBe(0);
  });

  it('takes what it has once', async () => {
    const { pipeline, blocks, step, applied } = setup();
    pipeline.add('a', blocks(1, 10));
    pipeline.add('b', blocks(1, 10));
    expect(pipeline.waiting).toBe(10);
    await step();
    pipeline.add('b', blocks(5, 12));
    expect(pipeline.waiting).toBe(2);
    expect(applied.every(({ peer }) => peer === 'a')).toBe(true);
  });

  it('validate_block_sequence: one bad block of 50: those before it are kept, it and its children are fetched again', async () => {
    const { pipeline, history, blocks, step, chain, blamed, lost } = setup();
    pipeline.add('a', blocks(1, 50, history.forged(31, 'structure')));
    expect(blamed).toMatchObject([{ peer: 'a', fault: { code: 'bad-structure', stage: 'structure', at: 31 } }]);
    expect(lost).toEqual(Array.from({ length: 20 }, (_, index) => 31 + index));
    await step();
    expect(chain.tip().height).toBe(30);
  });

  it('a broken link inside a run blames its sender', () => {
    const { pipeline, history, blocks, blamed } = setup();
    pipeline.add('a', blocks(1, 50, history.forged(31, 'link')));
    expect(blamed).toMatchObject([{ peer: 'a', fault: { stage: 'link', at: 31 } }]);
    expect(pipeline.waiting).toBe(30);
  });

  it('a broken link between two runs: the first is verified alone, then the second is to blame', async () => {
    const { pipeline, history, blocks, step, chain, blamed, lost } = setup();
    const other = history.forged(11, 'link');
    pipeline.add('good', blocks(1, 10));
    pipeline.add('liar', [other]);
    expect(await step()).toBe('applied');
    expect(chain.tip().height).toBe(10);
    expect(blamed).toEqual([]);
    expect(await step()).toBe('fault');
    expect(blamed).toMatchObject([{ peer: 'liar', fault: { stage: 'link', at: 11 } }]);
    expect(lost).toEqual([11]);
  });

  it('a broken link between two answers of one peer is found, too: no certificate covers what it does not link to', async () => {
    const { pipeline, history, blocks, step, chain, blamed } = setup();
    pipeline.add('liar', blocks(1, 10));
    pipeline.add('liar', [history.forged(11, 'link')]);
    pipeline.add('liar', blocks(12, 50));
    expect(await step()).toBe('applied');
    expect(chain.tip().height).toBe(10);
    expect(await step()).toBe('fault');
    expect(blamed).toMatchObject([{ peer: 'liar', fault: { stage: 'link', at: 11 } }]);
  });

  it('a bad certificate: the blocks before it go on, the rest of its sender is dropped, that of others is kept', async () => {
    const { pipeline, history, blocks, step, chain, blamed, lost } = setup({ each: true });
    pipeline.add('liar', blocks(1, 20, history.forged(15, 'certificate')));
    pipeline.add('good', blocks(21, 40));
    pipeline.add('liar', blocks(41, 50));
    expect(await step()).toBe('applied');
    expect(chain.tip().height).toBe(14);
    expect(blamed).toMatchObject([{ peer: 'liar', fault: { code: 'bad-certificate', stage: 'signature', at: 15, weight: 'lie' } }]);
    expect(lost).toEqual([15, 16, 17, 18, 19, 20, ...Array.from({ length: 10 }, (_, index) => 41 + index)]);
    expect(pipeline.waiting).toBe(20);
  });

  it('a bad state root: the state before it is kept', async () => {
    const { pipeline, history, blocks, step, chain, blamed } = setup();
    const bad = history.forged(13, 'state');
    pipeline.add('liar', [...blocks(1, 12), bad]);
    expect(await step()).toBe('applied');
    expect(chain.tip().height).toBe(12);
    expect(await step()).toBe('empty');
    expect(blamed).toMatchObject([{ peer: 'liar', fault: { code: 'bad-state-root', stage: 'state', at: 13 } }]);
  });

  it('what is not final yet waits for what follows', async () => {
    const { pipeline, blocks, step, chain, blamed } = setup({ chain: { finality: 'chained' } });
    pipeline.add('a', blocks(1, 1));
    expect(await step()).toBe('held');
    pipeline.add('a', blocks(2, 3));
    expect(await step({ gather: 1 })).toBe('applied');
    expect(await step({ gather: 1 })).toBe('applied');
    expect(await step({ gather: 1 })).toBe('held');
    expect(chain.tip().height).toBe(2);
    pipeline.add('a', blocks(4, 300));
    while ((await step()) === 'applied') expect(chain.tip().height).toBeGreaterThan(2);
    expect(chain.tip().height).toBe(300);
    expect(blamed).toEqual([]);
  });

  it('what is not final with a full pipeline is an offence', async () => {
    const { pipeline, blocks, step, blamed } = setup({ chain: { finality: 'chained' }, size: 1 });
    pipeline.add('a', blocks(1, 1));
    expect(await step({ gather: 1 })).toBe('fault');
    expect(blamed).toMatchObject([{ fault: { code: 'not-final', stage: 'finality' } }]);
  });

  it('nothing can be decided across a broken seam: one side is fetched again, the next time the other, and nobody is blamed', async () => {
    const { pipeline, history, blocks, step, blamed, lost, chain } = setup({ chain: { finality: 'chained' } });
    pipeline.add('a', blocks(1, 1));
    pipeline.add('b', [history.forged(2, 'link')]);
    expect(await step()).toBe('fault');
    expect(lost).toEqual([1]);
    pipeline.add('c', blocks(1, 1));
    expect(await step()).toBe('fault');
    expect(lost).toEqual([1, 2]);
    pipeline.add('a', blocks(2, 2));
    expect(await step()).toBe('applied');
    expect(chain.tip().height).toBe(1);
    expect(blamed).toEqual([]);
  });

  it('applies nothing above the limit, and is full at its size', async () => {
    const { pipeline, blocks, step, chain } = setup({ size: 64 });
    pipeline.add('a', blocks(2, 64));
    expect(pipeline.only).toBeUndefined();
    pipeline.add('a', blocks(65, 65));
    expect(pipeline.only).toBe(1);
    pipeline.add('a', blocks(1, 1));
    expect(pipeline.only).toBe(-1);
    await step({ limit: 10 });
    expect(chain.tip().height).toBe(10);
    expect(pipeline.waiting).toBe(55);
    expect(pipeline.only).toBeUndefined();
  });

  it('applies nothing after an abort', async () => {
    const { pipeline, blocks, step, chain } = setup();
    pipeline.add('a', blocks(1, 10));
    const controller = new AbortController();
    const stepping = step({ signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(stepping).rejects.toThrow('stop');
    expect(chain.tip().height).toBe(0);
    expect(await step()).toBe('applied');
  });

  it('a tip that is moved by others while a run is verified: the run is gathered again, and nobody is blamed', async () => {
    const { pipeline, blocks, step, chain, blamed } = setup();
    pipeline.add('a', blocks(1, 20));
    const stepping = step();
    await chain.apply(blocks(1, 5), { headersOnly: false });
    expect(await stepping).toBe('applied');
    expect(chain.tip().height).toBe(5);
    expect(await step()).toBe('applied');
    expect(chain.tip().height).toBe(20);
    expect(blamed).toEqual([]);
  });

  it('a chain whose tip follows later: the blocks wait until it has moved, and are not lost', async () => {
    const { pipeline, blocks, step, chain, applied } = setup();
    const apply = chain.apply.bind(chain);
    // Its tip is three blocks behind what it took.
    chain.apply = (run, options) => apply(run.slice(0, -3), options);
    pipeline.add('a', blocks(1, 3));
    expect(await step({ gather: 1 })).toBe('held');
    expect(await step({ gather: 1 })).toBe('held');
    pipeline.add('a', blocks(4, 10));
    for (let turn = 0; turn < 20; turn += 1) await step({ gather: 1 });
    expect(applied.map(({ height }) => height)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(pipeline.waiting).toBe(3);
  });

  it('forgets what is below a snapshot', async () => {
    const { pipeline, history, chain, blocks } = setup();
    pipeline.add('a', blocks(1, 20));
    const { manifest, chunks } = history.snapshot(15, 2);
    const snapshot = await chain.snapshots.checkManifest(manifest, new AbortController().signal);
    if ('weight' in snapshot) throw new Error(snapshot.code);
    await chain.snapshots.import(snapshot, chunks);
    expect(Array.from(pipeline.trim())).toEqual([16, 17, 18, 19, 20]);
    expect(pipeline.has(3) && !pipeline.has(21)).toBe(true);
    expect(blocks(1, 1)[0]!.size).toBe(BLOCK_SIZE);
  });
});
