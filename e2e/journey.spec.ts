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

  // Reload. The stored head is there before any peer, no stored header is asked for again, and the first locator is the stored head.
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
  // But copies of the election block: what it was elected by is in its hash, its signing keys are not, and no macro block has shown them yet.
  const storedHashes = new Set([...known].flatMap(([height, hash]) => (height === 328 ? [] : [hash])));
  expect(askedFor(devnet, mark).filter((hash) => storedHashes.has(hash))).toEqual([]);
  const gap = devnet.since(mark, 'request').find(({ kind }) => kind === 'missing-blocks');
  expect(locatorsOf(gap)[0]).toBe(stored.hash);

  // A second tab shares the hub: no new connection at the network. Three peers make consensus, and the fourth is on its way.
  await expect.poll(() => page.evaluate(async () => (await petrel!.getStatus()).peers.live)).toBe(devnet.started.peers.length);
  const before = devnet.mark();
  const second = await openApp(devnet);
  await untilHead(second, devnet.head);
  await expect(second.getByTestId('tabs')).toHaveText('2');
  expect(devnet.since(before, 'connection-open')).toEqual([]);

  // Closing the first changes nothing for the second.
  await page.close();
  await expect(second.getByTestId('tabs')).toHaveText('1');
  await devnet.produce(3);
  await untilHead(second, devnet.head);
  await untilEstablished(second);
  expect(devnet.since(before, 'connection-close')).toEqual([]);
});

test('away for two epochs, it catches up from its stored head', async ({ startDevnet, openApp, site }) => {
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
  // From the stored election block on, not from genesis.
  const chainRequest = devnet.since(mark, 'request').find(({ kind }) => kind === 'macro-chain');
  const genesis = devnet.started.genesisHash;
  expect(locatorsOf(chainRequest)).not.toContain(genesis);
  expect(locatorsOf(chainRequest).length).toBeGreaterThan(0);
  const requested = new Set(askedFor(devnet, mark));
  expect(requested.has(stored.hash)).toBe(false);
});

test('all peers stopped and started, it recovers', async ({ startDevnet, openApp }) => {
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
