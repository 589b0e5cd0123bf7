import type { Page } from '@playwright/test';
import { untilEstablished, untilFinal, untilHead } from './support/app.ts';
import type { ChainNet } from './support/chain-net.ts';
import { expect, test } from './support/fixtures.ts';
import { untilBanned, untilLive } from './support/other-chain.ts';

/** What can go wrong on HotStuff-2 and Moloch networks, with the page in the middle of it. Each is judged by what the network was asked. */

/** A request for blocks of HotStuff-2. */
interface Range {
  readonly replica: number;
  readonly from: number;
  readonly count: number;
}

interface Info {
  readonly final: number;
  readonly replicas: readonly { readonly clients: number; readonly final: number }[];
}

const info = (net: ChainNet) => net.command<Info>({ do: 'info' });
const connections = async (net: ChainNet) => (await info(net)).replicas.map(({ clients }) => clients);

/** All requests for blocks since the `mark`, in the order in which they came. */
async function rangesAsked(net: ChainNet, mark = 0): Promise<{ readonly mark: number; readonly ranges: readonly Range[] }> {
  const ranges: Range[] = [];
  for (let from = mark; ; ) {
    const { total, requests } = await net.command<{ readonly total: number; readonly requests: readonly { readonly replica: number; readonly request: Omit<Range, 'replica'> & { readonly type: string } }[] }>({ do: 'look', from });
    ranges.push(...requests.filter(({ request: { type } }) => type === 'get-blocks' || type === 'get-headers').map(({ replica, request: { from: first, count } }) => ({ replica, from: first, count })));
    from += requests.length;
    if (from >= total || requests.length === 0) return { mark: from, ranges };
  }
}

/** How often each height up to the last one was asked for. */
function timesAsked(ranges: readonly Omit<Range, 'replica'>[], last: number): readonly number[] {
  const times = Array.from({ length: last }, () => 0);
  for (const { from, count } of ranges) for (let height = from; height < from + count && height <= last; height += 1) times[height - 1]! += 1;
  return times;
}

const current = (page: Page) => page.evaluate(async () => (await globalThis.petrel?.sync.getSyncProgress())?.current ?? 0);
const slow = async (net: ChainNet, ms: number) => {
  for (const replica of [0, 1, 2, 3]) await net.command(ms === 0 ? { do: 'fault', replica, fault: 'none' } : { do: 'fault', replica, fault: 'slow', ms });
};

/** The page's sync has come to this height. Looked at often, so that the sync is not over before. */
const untilSynced = (page: Page, height: number) => expect.poll(() => current(page), { intervals: [20] }).toBeGreaterThanOrEqual(height);

test('HotStuff-2: two halves do not hear each other: nothing is final, the page says so, and it comes back', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'parted', '--block-time', '200');
  await page.goto(url.replace(/staleBlocks=\d+/u, 'staleBlocks=15'));
  await untilEstablished(page);
  await net.command({ do: 'partition', groups: [[0, 1], [2, 3]] });
  await expect(page.getByTestId('phase')).toHaveAttribute('data-phase', 'stale');
  await expect(page.getByText(/longer than this network takes/u).first()).toBeVisible();
  const { final } = await info(net);
  expect(await page.evaluate(async () => (await petrel!.getHead()).final.height)).toBe(final);
  await net.command({ do: 'partition' });
  await untilEstablished(page);
  await expect.poll(() => page.evaluate(async () => (await petrel!.getHead()).final.height)).toBeGreaterThan(final + 3);
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(0);
});

test('HotStuff-2: of five replicas one forges certificates and one stays behind: the liar is banned and asked no more, the other is not', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'liars', '--replicas', '5', '--history', '300');
  await net.command({ do: 'fault', replica: 1, fault: 'forged-qc' });
  await net.command({ do: 'fault', replica: 2, fault: 'stale-status' });
  await net.produce(40);
  await page.goto(url);
  await untilBanned(page, /bad signatures in the certificate/u);
  await untilLive(page, net);
  await expect(page.locator('[data-testid=peer][data-state=behind]')).toHaveCount(1);
  await expect.poll(() => connections(net)).toEqual([1, 0, 1, 1, 1]);
  const { mark } = await rangesAsked(net);
  await net.produce(40);
  await untilLive(page, net);
  const later = await rangesAsked(net, mark);
  expect(later.ranges.filter(({ replica }) => replica === 1)).toEqual([]);
});

test('HotStuff-2: one of four replicas is gone at half of a long sync, which comes to its end with no block fetched more than twice', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'gone', '--history', '1800', '--snapshot-every', '1000000');
  await slow(net, 500);
  await page.goto(url);
  await untilSynced(page, 700);
  await net.command({ do: 'stop', replica: 2 });
  expect(await current(page)).toBeLessThan(1800);
  const { mark, ranges } = await rangesAsked(net);
  for (const replica of [0, 1, 3]) await net.command({ do: 'fault', replica, fault: 'none' });
  await untilHead(page, net.head);
  await untilFinal(page, await page.evaluate(async () => (await petrel!.getHead()).final));
  const later = await rangesAsked(net, mark);
  expect(ranges.some(({ replica }) => replica === 2)).toBe(true);
  expect(later.ranges.some(({ replica }) => replica !== 2)).toBe(true);
  const times = timesAsked([...ranges, ...later.ranges], 1800);
  expect(Math.min(...times)).toBe(1);
  expect(Math.max(...times)).toBeLessThanOrEqual(2);
  // Only what the one that is gone was asked for last.
  expect(times.filter((count) => count === 2).length).toBeLessThanOrEqual(512);
});

test('HotStuff-2: the gap grows in the middle of a sync: the strategy changes, and no block is fetched twice', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'grows', '--history', '100', '--snapshot-every', '1000000');
  await slow(net, 2000);
  await page.goto(url);
  const untilStrategy = (name: string) => expect.poll(() => page.evaluate(async () => (await globalThis.petrel?.sync.getSyncStatus())?.strategy), { intervals: [20] }).toBe(name);
  await untilStrategy('incremental');
  await net.produce(512);
  await untilStrategy('parallel');
  await slow(net, 0);
  await untilLive(page, net);
  // As the network saw it: one block a request, then many. A peer is asked for the eight blocks above its newest final one, too, which are not part of
  // the sync.
  const ranges = (await rangesAsked(net)).ranges.filter(({ count }) => count !== 8);
  const kinds = ranges.map(({ count }) => (count > 1 ? 'many' : 'one')).filter((kind, at, all) => kind !== all[at - 1]);
  expect(kinds.slice(0, 2)).toEqual(['one', 'many']);
  const times = timesAsked(ranges, 610);
  expect([Math.min(...times), Math.max(...times)]).toEqual([1, 1]);
});

test('HotStuff-2: closed in the middle of a sync: what is stored is shown at once, and only the rest is fetched', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'closed', '--history', '1800', '--snapshot-every', '1000000');
  await slow(net, 500);
  await page.goto(url);
  await untilSynced(page, 500);
  await slow(net, 9000);
  await page.goto('about:blank');
  await expect.poll(() => connections(net)).toEqual([0, 0, 0, 0]);
  for (const replica of [0, 1, 2, 3]) await net.command({ do: 'stop', replica });
  await page.goto(url);
  const stored = () => page.evaluate(async () => (await globalThis.petrel?.getHead())?.final.height ?? 0);
  await expect.poll(stored).toBeGreaterThanOrEqual(500);
  const height = await stored();
  expect(height).toBeLessThan(1800);
  const { mark } = await rangesAsked(net);
  for (const replica of [0, 1, 2, 3]) {
    await net.command({ do: 'fault', replica, fault: 'none' });
    await net.command({ do: 'start', replica });
  }
  await untilLive(page, net);
  const { ranges } = await rangesAsked(net, mark);
  expect(Math.min(...ranges.map(({ from }) => from))).toBe(height + 1);
  expect(timesAsked(ranges, 1800).slice(height).every((count) => count === 1)).toBe(true);
});

test('Moloch: a branch with more signers takes the place of ours: the page draws both, and the lost events are told', async ({ startChain, page }) => {
  const { net, url } = await startChain('moloch', '--seed', 'branch', '--blocks', '20');
  await page.goto(url);
  await untilLive(page, net);
  for (const node of [2, 3]) await net.command({ do: 'fault', node, fault: 'withheld-votes' });
  await net.produce(2);
  const ours = net.head;
  await untilHead(page, ours);
  await net.command({ do: 'fault', node: 2, fault: 'none' });
  await net.command({ do: 'fork', back: 2, n: 4 });
  await untilHead(page, net.head);
  expect(net.head.hash).not.toBe(ours.hash);
  await expect(page.getByTestId('branch').locator('[data-state=reverted]')).toHaveCount(2);
  const lost = await page.evaluate(async () => (await petrel!.moloch.getReturnedEvents()));
  expect(lost.length).toBeGreaterThan(0);
  await net.command({ do: 'fault', node: 3, fault: 'none' });
  await net.produce(1);
  await untilFinal(page, net.head);
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(0);
});

test('Moloch: a snapshot is fetched while one node damages it and the page is closed in between: the node is banned, and no chunk that is stored is fetched again', async ({ startChain, page }) => {
  const { net, url } = await startChain('moloch', '--seed', 'warp', '--blocks', '900', '--checkpoint', '880', '--chunk-size', '2048');
  interface Chunk { readonly node: number; readonly kind: string; readonly index: number }
  const chunksAsked = async (from = 0) => {
    const all = await net.command<readonly Chunk[]>({ do: 'look' });
    return { mark: all.length, chunks: all.slice(from).filter(({ kind }) => kind === 'GetChunk') };
  };
  await net.command({ do: 'fault', node: 1, fault: 'bad-chunk' });
  await net.command({ do: 'fault', node: 'all', fault: 'slow', delay: 250 });
  await page.goto(url);
  await expect.poll(async () => (await chunksAsked()).chunks.length, { intervals: [50] }).toBeGreaterThan(24);
  await net.command({ do: 'fault', node: 'all', fault: 'slow', delay: 9000 });
  await untilBanned(page, /a part of the snapshot does not have the hash/u);
  await page.goto('about:blank');
  await expect.poll(async () => (await net.command<{ readonly nodes: readonly { readonly clients: number }[] }>({ do: 'info' })).nodes.every(({ clients }) => clients === 0)).toBe(true);
  const { mark, chunks } = await chunksAsked();
  await net.command({ do: 'fault', node: 'all', fault: 'none' });
  await page.goto(url);
  await untilLive(page, net);
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-level', 'pinned');
  const later = await chunksAsked(mark);
  const asked = new Set(chunks.map(({ index }) => index));
  const again = later.chunks.filter(({ index }) => asked.has(index));
  // Those that were on their way when the page was closed.
  expect(again.length).toBeLessThanOrEqual(8);
  expect(later.chunks.length).toBeGreaterThan(again.length);
  expect(new Set([...asked, ...later.chunks.map(({ index }) => index)]).size).toBe(Math.max(...later.chunks.map(({ index }) => index), ...asked) + 1);
});
