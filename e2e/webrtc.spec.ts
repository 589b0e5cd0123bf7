import type { Browser, BrowserContext, Page } from '@playwright/test';
import { untilEstablished } from './support/app.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { expect, test as base } from './support/fixtures.ts';

interface Watched {
  /** What each `RTCPeerConnection` of this page was made with. */
  readonly made: RTCConfiguration[];
  readonly violations: string[];
}

declare global {
  var watched: Watched;
}

/** Opens the app in a browser of its own (other storage, another hub), or in one more tab of such a browser. */
type Open = (settings: Readonly<Record<string, string>>, beside?: Page) => Promise<Page>;

const test = base.extend<{ readonly open: Open }>({
  open: async ({ browser, site }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (settings, beside) => {
      const context = beside?.context() ?? (await newContext(browser));
      if (!beside) contexts.push(context);
      const page = await context.newPage();
      await page.goto(`${site.url}?${new URLSearchParams({ network: 'unit-albatross', staleBlocks: '100000', ...settings })}`);
      await page.waitForFunction(() => globalThis.petrel !== undefined);
      return page;
    });
    for (const context of contexts) {
      for (const page of context.pages()) {
        const { violations } = await page.evaluate(() => globalThis.watched);
        expect(violations, 'refused by the security policy').toEqual([]);
      }
      await context.close();
    }
  },
});

async function newContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.addInitScript(() => {
    const watched: Watched = { made: [], violations: [] };
    globalThis.watched = watched;
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => watched.violations.push(`${violatedDirective} ${blockedURI}`));
    globalThis.RTCPeerConnection = new Proxy(RTCPeerConnection, {
      construct(target, [configuration]: [RTCConfiguration]) {
        watched.made.push(configuration);
        return new target(configuration);
      },
    });
  });
  return context;
}

const sharing = (page: Page) => page.evaluate(async () => (await petrel!.getStatus()).sharing);
const links = (page: Page) => page.evaluate(async () => (await petrel!.getPeers()).filter(({ transport, state }) => transport === 'webrtc' && state !== 'down' && state !== 'connecting'));
const received = async (page: Page) => (await links(page))[0]?.received ?? 0;
const ways = (page: Page) => page.evaluate(async () => (await petrel!.getLog()).filter(({ code }) => code === 'rtc-channel').map(({ data }) => data['way']));
const made = (page: Page) => page.evaluate(() => globalThis.watched.made);
const relayOf = (devnet: DevnetProcess) => devnet.started.relay!.address;

async function addressOf(page: Page): Promise<string> {
  await expect.poll(async () => (await sharing(page)).addresses).toHaveLength(1);
  return (await sharing(page)).addresses[0]!;
}

/** Two browsers: the first has the local network, the second knows only the relay and the first. */
async function pair(open: Open, devnet: DevnetProcess, settings: Readonly<Record<string, string>> = {}): Promise<{ readonly first: Page; readonly second: Page; readonly address: string }> {
  const relays = relayOf(devnet);
  const first = await open({ seeds: devnet.seeds, relays, ...settings });
  await untilEstablished(first);
  const address = await addressOf(first);
  const second = await open({ seeds: address, relays });
  await expect.poll(() => links(second)).toHaveLength(1);
  await expect.poll(() => links(first)).toHaveLength(1);
  return { first, second, address };
}

/** Blocks that the first passes on to the second; resolves with the bytes of each. */
async function untilGossip(devnet: DevnetProcess, second: Page): Promise<number> {
  // A subscription takes a heartbeat or two to be known.
  const nothing = await received(second);
  await expect
    .poll(async () => {
      await devnet.produce(1);
      return received(second);
    })
    .toBeGreaterThan(nothing);
  await expect.poll(() => steady(second)).toBe(true);
  const before = await received(second);
  await devnet.produce(3);
  await expect.poll(async () => (await received(second)) > before && steady(second)).toBe(true);
  return ((await received(second)) - before) / 3;
}

async function steady(page: Page): Promise<boolean> {
  const before = await received(page);
  await page.waitForTimeout(500);
  return (await received(page)) === before;
}

/** Blocks the page's main thread for two seconds; resolves with how many blocks were made in that time and the bytes that came to the other while it lasted. */
async function whileBlocked(devnet: DevnetProcess, busy: Page, other: Page): Promise<{ readonly blocks: number; readonly bytes: number }> {
  const before = await received(other);
  let over = false;
  const blocked = busy
    .evaluate(() => {
      const end = performance.now() + 2_000;
      while (performance.now() < end);
    })
    .then(() => (over = true));
  await other.waitForTimeout(100);
  const begun = performance.now();
  let blocks = 0;
  for (; performance.now() - begun < 1_300; blocks += 1) {
    await devnet.produce(1);
    await other.waitForTimeout(80);
  }
  const bytes = (await received(other)) - before;
  expect(over, 'the page was still blocked').toBe(false);
  await blocked;
  return { blocks, bytes };
}

test('two browsers link over a relay, with no server of anybody named, and pass blocks on', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc', '--relay', '0');
  const { first, second, address } = await pair(open, devnet);
  const { started } = devnet;
  expect((await links(second))[0]).toMatchObject({ address, transport: 'webrtc' });
  for (const page of [first, second]) {
    // The default names no server: nobody else learns who talks with whom.
    expect(await made(page)).toEqual([{ iceServers: [] }]);
    expect(await ways(page)).toEqual(['pump']);
    expect((await sharing(page)).rtc).toEqual({ open: 1, made: 1, limit: 300 });
  }
  const { relay } = await sharing(second);
  expect(relay.bytes).toBeGreaterThan(1_000);
  expect(relay.bytes).toBeLessThan(50_000);
  expect(await untilGossip(devnet, second)).toBeGreaterThan(100);
  // The relay speaks nothing of the network: nobody counts it as a peer, and no node has been told of the browsers.
  for (const page of [first, second]) expect((await page.evaluate(async () => (await petrel!.getPeers()).map(({ id }) => id))).includes(started.relay!.id)).toBe(false);
  const ids = devnet.since(0, 'relay-reservation').map(({ remote }) => remote);
  expect(new Set(ids).size).toBe(2);
  expect(devnet.since(0, 'joined').some(({ remote }) => remote === address.split('/').at(-1))).toBe(true);
});

test('a page that is blocked for two seconds holds up nothing: its pump moves the bytes', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc busy', '--relay', '0');
  const { first, second } = await pair(open, devnet);
  const each = await untilGossip(devnet, second);
  const { blocks, bytes } = await whileBlocked(devnet, first, second);
  expect(blocks).toBeGreaterThan(3);
  expect(bytes).toBeGreaterThanOrEqual((blocks * each) / 2);
});

test('without the pump a blocked page lets nothing through', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc proxy', '--relay', '0');
  const { first, second } = await pair(open, devnet, { rtcProxy: 'true' });
  expect(await ways(first)).toEqual(['page']);
  await untilGossip(devnet, second);
  const { blocks, bytes } = await whileBlocked(devnet, first, second);
  expect(blocks).toBeGreaterThan(3);
  expect(bytes).toBe(0);
});

test('the relay goes: links stay, and reservations come back with it', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc relay', '--relay', '0');
  const { first, second, address } = await pair(open, devnet);
  await devnet.command({ do: 'stop', peer: 'relay' });
  for (const page of [first, second]) await expect.poll(async () => (await sharing(page)).addresses).toEqual([]);
  expect(await untilGossip(devnet, second)).toBeGreaterThan(100);
  expect(await made(second)).toHaveLength(1);
  await devnet.command({ do: 'start', peer: 'relay' });
  await expect.poll(async () => (await sharing(first)).addresses).toEqual([address]);
});

test('the tab that holds the link goes: the hub dials anew through another tab', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc tab', '--relay', '0');
  const { second, address } = await pair(open, devnet);
  const other = await open({ seeds: address, relays: relayOf(devnet) }, second);
  expect(await made(other)).toEqual([]);
  await second.close();
  await expect.poll(() => made(other)).toHaveLength(1);
  await expect.poll(() => links(other)).toHaveLength(1);
  expect(await untilGossip(devnet, other)).toBeGreaterThan(100);
});
