import { Browser } from '../bench/browser.ts';
import { appUrl } from './support/fixtures.ts';
import { test as base } from './support/servers.ts';
import { wholeChromium } from './support/whole-chromium.ts';

/**
 * Playwright makes every page visible to itself, and a visible page cannot be frozen. So this test uses the Chromium of the
 * benches, whose tabs hide each other.
 */
const test = base.extend<{ readonly browserOfTabs: Browser }>({
  browserOfTabs: async ({}, use, info) => {
    const browser = await Browser.launch(wholeChromium(), info.outputPath('profile'));
    await use(browser);
    await browser.close();
  },
});
const { expect } = test;

test('with its only tab hidden and frozen, the hub leaves all peers; thawed it goes on, and visible it has all peers again', async ({ browserOfTabs, startDevnet, site }) => {
  const devnet = await startDevnet('--seed', 'frozen', '--peers', '5');
  await devnet.produce(3);
  const { tab } = browserOfTabs;
  const status = () => tab.evaluate<{ phase: string; peers: object; host: { fencing: number; tabs: number } }>('petrel.getStatus()');
  const head = () => tab.evaluate<string>('petrel.getHead().then(({ latest }) => latest.hash)');
  await tab.open(appUrl(site, devnet));
  await expect.poll(() => tab.evaluate('globalThis.petrel !== undefined')).toBe(true);
  await expect.poll(status).toMatchObject({ phase: 'established', peers: { live: 5, wanted: 6 } });
  const before = await status();

  const mark = devnet.mark();
  await browserOfTabs.newTab();
  await expect.poll(() => tab.evaluate('document.visibilityState')).toBe('hidden');
  await tab.setFrozen(true);
  await devnet.untilAlone();
  expect(devnet.since(mark, 'connection-close')).toHaveLength(5);
  await devnet.produce(3);
  expect(devnet.since(mark, 'connection-open')).toEqual([]);

  // Still hidden: the hub has only as many peers as consensus needs.
  await tab.setFrozen(false);
  await expect.poll(head).toBe(devnet.head.hash);
  await expect.poll(status).toMatchObject({ phase: 'established', peers: { connected: 3, live: 3, wanted: 3 } });
  await tab.activate();
  await expect.poll(status).toMatchObject({ phase: 'established', peers: { live: 5, wanted: 6 } });
  // It is the same hub all the time: its silence was not taken for its death.
  expect((await status()).host).toMatchObject({ fencing: before.host.fencing, tabs: 1 });
});
