import { untilEstablished, untilFinal, untilHead } from './support/app.ts';
import { askedFor, blocksOf, locatorsOf } from './support/asked-for.ts';
import { appUrl, expect, test } from './support/fixtures.ts';

test('follows the chain live through an election block, resumes from disk, and is shared by tabs', async ({ startDevnet, openApp, site }) => {
  const devnet = await startDevnet('--seed', 'journey');
  await devnet.produce(90);
  const page = await openApp(devnet);
  await untilEstablished(page);
  await untilHead(page, devnet.head);

  // Live, through the election block 328.
  while (devnet.head.height < 332) {
    await devnet.produce(1);
    await untilHead(page, devnet.head);
  }
  await untilFinal(page, { hash: blocksOf(devnet).get(328)! });

  // Reload. The page shows the stored head before any peer connects. The client requests no stored header, and its first locator is
  // the stored head.
  const stored = devnet.head;
  await page.goto('about:blank');
  await devnet.untilAlone();
  const known = blocksOf(devnet);
  await devnet.produce(5);
  const mark = devnet.mark();
  for (const { peer } of devnet.started.peers) await devnet.command({ do: 'stop', peer });
  await page.goto(appUrl(site, devnet));
  await untilHead(page, stored);
  for (const { peer } of devnet.started.peers) await devnet.command({ do: 'start', peer });
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  // Except copies of the election block: its hash does not cover the signing keys, and no macro block has proven them yet.
  const storedHashes = new Set([...known].flatMap(([height, hash]) => (height === 328 ? [] : [hash])));
  expect(askedFor(devnet, mark).filter((hash) => storedHashes.has(hash))).toEqual([]);
  const gap = devnet.since(mark, 'request').find(({ kind }) => kind === 'missing-blocks');
  expect(locatorsOf(gap)[0]).toBe(stored.hash);

  // A second tab shares the hub: the network sees no new connection. Three peers make consensus, and the fourth may still be
  // connecting.
  await expect.poll(() => page.evaluate(async () => (await petrel!.getStatus()).peers.live)).toBe(devnet.started.peers.length);
  const before = devnet.mark();
  const second = await openApp(devnet);
  await untilHead(second, devnet.head);
  await expect(second.getByTestId('tabs')).toHaveText('2');
  expect(devnet.since(before, 'connection-open')).toEqual([]);

  // Closing the first tab changes nothing for the second.
  await page.close();
  await expect(second.getByTestId('tabs')).toHaveText('1');
  await devnet.produce(3);
  await untilHead(second, devnet.head);
  await untilEstablished(second);
  expect(devnet.since(before, 'connection-close')).toEqual([]);
});

test('after two epochs without the page, it catches up from its stored head', { tag: '@long' }, async ({ startDevnet, openApp, site }) => {
  const devnet = await startDevnet('--seed', 'away', '--epochs', '1');
  await devnet.produce(10);
  const page = await openApp(devnet);
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  const stored = devnet.head;
  await page.goto('about:blank');
  await devnet.untilAlone();
  await devnet.produce(256);
  const mark = devnet.mark();
  await page.goto(appUrl(site, devnet));
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  // It starts from the stored election block, not from genesis.
  const chainRequest = devnet.since(mark, 'request').find(({ kind }) => kind === 'macro-chain');
  const genesis = devnet.started.genesisHash;
  expect(locatorsOf(chainRequest)).not.toContain(genesis);
  expect(locatorsOf(chainRequest).length).toBeGreaterThan(0);
  const requested = new Set(askedFor(devnet, mark));
  expect(requested.has(stored.hash)).toBe(false);
});

test('after all peers were stopped and started, it recovers', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'restart');
  const page = await openApp(devnet);
  await untilEstablished(page);
  for (const { peer } of devnet.started.peers) await devnet.command({ do: 'stop', peer });
  await expect(page.getByTestId('phase')).not.toHaveAttribute('data-phase', 'established');
  await devnet.produce(40);
  for (const { peer } of devnet.started.peers) await devnet.command({ do: 'start', peer });
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  await devnet.produce(2);
  await untilHead(page, devnet.head);
});
