// Node 20 has no `Promise.withResolvers`.
import '../src/base/with-resolvers.ts';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { startNodeClient } from '../test/support/node-client.ts';
import { untilEstablished, untilHead } from './support/app.ts';
import { appUrl, expect, test } from './support/fixtures.ts';

test('a page serves another Petrel client, shows it as one, and shows how much it gives', async ({ startDevnet, site, context }, info) => {
  const devnet = await startDevnet('--seed', 'sharing', '--peers', '3');
  await devnet.produce(5);
  const seeds = devnet.seeds.split(',');
  const other = await startNodeClient({ network: unitAlbatross, node: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] }, settings: { seeds, minPeers: 1 } });
  await other.until('listening', (it) => it.getStatus().consensus === 'established');
  try {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 1500 });
    const url = new URL(appUrl(site, devnet));
    url.searchParams.set('seeds', [...seeds, other.node!.addresses[0]!].join());
    await page.goto(url.href);
    await untilEstablished(page);
    const peer = page.locator('[data-testid=peer][data-kind=petrel]');
    await expect(peer).toHaveAttribute('data-state', 'live');
    await expect(peer).toContainText('Petrel client');
    await devnet.produce(3);
    await untilHead(page, devnet.head);
    // The other client asks the page for its head, as it asks all its peers.
    await other.until('the page is a live peer', (it) => it.getPeers().some(({ kind, state, height }) => kind === 'petrel' && state === 'live' && height !== undefined));
    await expect(page.locator('.sharing')).toContainText(/To other Petrel clients(?!0 bytes)/u);
    for (const [name, colorScheme, width] of [['light', 'light', 1280], ['dark', 'dark', 1280], ['narrow', 'light', 320]] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 1500 });
      if (width === 320) expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true, animations: 'disabled' });
    }
  } finally {
    await other.close();
  }
});
