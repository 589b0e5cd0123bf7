import type { Page } from '@playwright/test';
import { untilEstablished, untilFinal, untilHead } from './support/app.ts';
import type { ChainNet } from './support/chain-net.ts';
import { expect, test } from './support/fixtures.ts';
import { untilBanned, untilLive } from './support/other-chain.ts';
import { crossing, ofSync, type Range, rangesAsked } from './support/ranges-asked.ts';

/** What can go wrong on HotStuff-2 and Moloch networks, with the page in the middle of it. Each is judged by what the network was asked. */

interface Info {
  readonly final: number;
  readonly replicas: readonly { readonly clients: number; readonly final: number }[];
}

const info = (net: ChainNet) => net.command<Info>({ do: 'info' });
const connections = async (net: ChainNet) => (await info(net)).replicas.map(({ clients }) => clients);

const current = (page: Page) => page.evaluate(async () => (await globalThis.petrel?.sync.getSyncProgress())?.current ?? 0);
const everywhere = [0, 1, 2, 3];
/** The replicas keep answers with later blocks, so that the sync stops at about this height until `release`. A block is final by the one above it. */
const hold = async (net: ChainNet, height: number) => {
  for (const replica of everywhere) await net.command({ do: 'fault', replica, fault: 'held', height: height + 1 });
};
const release = async (net: ChainNet, replicas: readonly number[] = everywhere) => {
  for (const replica of replicas) await net.command({ do: 'fault', replica, fault: 'none' });
};

/** The page's sync has come to this height. */
const untilSynced = (page: Page, height: number) => expect.poll(() => current(page)).toBeGreaterThanOrEqual(height);

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

test('HotStuff-2: one of four replicas is gone at half of a long sync, which comes to its end and fetches no block again that it has', { tag: '@long' }, async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'gone', '--history', '1800', '--snapshot-every', '1000000');
  await hold(net, 700);
  await page.goto(url);
  await untilSynced(page, 700);
  await expect.poll(async () => (await rangesAsked(net)).ranges.some(({ replica, from }) => replica === 2 && from > 700)).toBe(true);
  await net.command({ do: 'stop', replica: 2 });
  const { mark, ranges } = await rangesAsked(net);
  await release(net, [0, 1, 3]);
  await untilHead(page, net.head);
  await untilFinal(page, await page.evaluate(async () => (await petrel!.getHead()).final));
  const later = await rangesAsked(net, mark);
  expect(later.ranges.filter(({ replica, from }) => replica === 2 || from <= 700)).toEqual([]);
  expect(crossing([...ranges, ...later.ranges])).toEqual([]);
});

test('HotStuff-2: the gap grows in the middle of a sync: the strategy changes, and the sync does not begin anew', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'grows', '--history', '100', '--snapshot-every', '1000000');
  await hold(net, 20);
  await page.goto(url);
  await untilSynced(page, 20);
  const asksFor = (what: (range: Range) => boolean) => expect.poll(async () => ofSync((await rangesAsked(net)).ranges).some(what)).toBe(true);
  await asksFor(({ from }) => from > 22);
  expect(ofSync((await rangesAsked(net)).ranges).every(({ count }) => count === 1)).toBe(true);
  await net.produce(160);
  // One block more, and the client sees that the gap has grown, while it waits for the next ones.
  await hold(net, 21);
  await asksFor(({ count }) => count > 1);
  await release(net);
  await untilLive(page, net);
  expect(crossing((await rangesAsked(net)).ranges)).toEqual([]);
});

test('HotStuff-2: closed in the middle of a sync: what is stored is shown at once, and only the rest is fetched', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'closed', '--history', '1800', '--snapshot-every', '1000000');
  await hold(net, 500);
  await page.goto(url);
  await untilSynced(page, 500);
  await page.goto('about:blank');
  await expect.poll(() => connections(net)).toEqual([0, 0, 0, 0]);
  for (const replica of everywhere) await net.command({ do: 'stop', replica });
  await page.goto(url);
  const stored = () => page.evaluate(async () => (await globalThis.petrel?.getHead())?.final.height ?? 0);
  await expect.poll(stored).toBeGreaterThanOrEqual(500);
  const height = await stored();
  expect(height).toBeLessThan(1800);
  const { mark } = await rangesAsked(net);
  await release(net);
  await untilLive(page, net);
  const { ranges } = await rangesAsked(net, mark);
  expect(Math.min(...ranges.map(({ from }) => from))).toBe(height + 1);
  expect(crossing(ranges)).toEqual([]);
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
