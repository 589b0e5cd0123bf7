import type { Browser, BrowserContext, Page } from '@playwright/test';
import { untilEstablished, untilHead } from './support/app.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { expect, test as base } from './support/fixtures.ts';

interface Watched {
  /** The configuration of each `RTCPeerConnection` of this page. */
  readonly made: RTCConfiguration[];
  /** The same connections. */
  readonly connections: RTCPeerConnection[];
  readonly violations: string[];
}

declare global {
  var watched: Watched;
}

/** Opens the app in a separate browser context (other storage, another hub), or in one more tab of an existing one. */
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
  // Only pages with permission for microphone and camera get loopback addresses, which the tests use.
  const context = await browser.newContext({ serviceWorkers: 'block', permissions: ['microphone', 'camera'] });
  await context.addInitScript(() => {
    const watched: Watched = { made: [], connections: [], violations: [] };
    globalThis.watched = watched;
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => watched.violations.push(`${violatedDirective} ${blockedURI}`));
    globalThis.RTCPeerConnection = new Proxy(RTCPeerConnection, {
      construct(target, [configuration]: [RTCConfiguration]) {
        watched.made.push(configuration);
        const connection = new target(configuration);
        watched.connections.push(connection);
        return connection;
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
const states = (page: Page) => page.evaluate(() => globalThis.watched.connections.map(({ connectionState }) => connectionState));
const untilLevel = (page: Page, level: string) => expect.poll(async () => (await page.evaluate(async () => petrel!.getTrust())).level).toBe(level);
const relayOf = (devnet: DevnetProcess) => devnet.started.relay!.address;

async function addressOf(page: Page): Promise<string> {
  await expect.poll(async () => (await sharing(page)).addresses).toHaveLength(1);
  return (await sharing(page)).addresses[0]!;
}

/** Two browsers: the first is connected to the local network, the second knows only the relay and the first. */
async function pair(
  open: Open,
  devnet: DevnetProcess,
  settings: Readonly<Record<string, string>> = {},
  blocksBetween = 0,
): Promise<{ readonly first: Page; readonly second: Page; readonly address: string }> {
  const relays = relayOf(devnet);
  const first = await open({ seeds: devnet.seeds, relays, ...settings });
  await untilEstablished(first);
  if (blocksBetween > 0) {
    await devnet.produce(blocksBetween);
    await untilHead(first, devnet.head);
  }
  const address = await addressOf(first);
  const second = await open({ seeds: address, relays });
  await expect.poll(() => links(second)).toHaveLength(1);
  await expect.poll(() => links(first)).toHaveLength(1);
  return { first, second, address };
}

/** Waits until the first browser passes blocks on to the second. Resolves with the number of bytes per block. */
async function untilGossip(devnet: DevnetProcess, second: Page): Promise<number> {
  const sizes: number[] = [];
  // A subscription needs a heartbeat or two. Other traffic does not come with every block.
  await expect
    .poll(async () => {
      const before = await received(second);
      await devnet.produce(1);
      await expect.poll(() => steady(second)).toBe(true);
      sizes.push((await received(second)) - before);
      return sizes.filter((size) => size > 100).length;
    })
    .toBeGreaterThanOrEqual(3);
  return Math.min(...sizes.filter((size) => size > 100));
}

async function steady(page: Page): Promise<boolean> {
  const before = await received(page);
  await page.waitForTimeout(300);
  return (await received(page)) === before;
}

/** Blocks the page's main thread with a synchronous request, until the returned function is called. */
async function block(page: Page): Promise<() => Promise<void>> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const begun = new Promise<void>((resolve) => {
    void page.route('**/held', async (route) => {
      resolve();
      await released;
      await route.fulfill({ body: '' });
    });
  });
  const blocked = page.evaluate(() => {
    const request = new XMLHttpRequest();
    request.open('GET', '/held', false);
    request.send();
  });
  await begun;
  return async () => {
    release();
    await blocked;
  };
}

/** Makes ten blocks and waits for the two seconds in which the pump should deliver them, or longer if the machine needs it. */
async function produceForAWhile(devnet: DevnetProcess, other: Page): Promise<void> {
  const begun = performance.now();
  for (let i = 0; i < BLOCKS; i += 1) {
    await devnet.produce(1);
    await other.waitForTimeout(100);
  }
  await other.waitForTimeout(Math.max(0, 2_000 - (performance.now() - begun)));
}

const BLOCKS = 10;

test('two browsers link over a relay, without any ICE server, and pass blocks on', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc', '--relay', '0');
  const { first, second, address } = await pair(open, devnet);
  const { started } = devnet;
  expect((await links(second))[0]).toMatchObject({ address, transport: 'webrtc' });
  for (const page of [first, second]) {
    // The relay announces each browser to the other. When both dial at once, one of the two connections is closed.
    await expect.poll(async () => ({ ...(await sharing(page)).rtc, counted: (await sharing(page)).rtc.made - (await made(page)).length })).toMatchObject({ open: 1, counted: 0, limit: 300 });
    // The default names no ICE server, so no other party learns who is connected.
    const connections = await made(page);
    expect(connections).toEqual(connections.map(() => ({ iceServers: [] })));
    expect(new Set(await ways(page))).toEqual(new Set(['pump']));
  }
  const { relay } = await sharing(second);
  expect(relay.bytes).toBeGreaterThan(1_000);
  expect(relay.bytes).toBeLessThan(50_000);
  expect(await untilGossip(devnet, second)).toBeGreaterThan(100);
  // The relay speaks no protocol of the network: no browser counts it as a peer, and it told no node about the browsers.
  for (const page of [first, second]) expect((await page.evaluate(async () => (await petrel!.getPeers()).map(({ id }) => id))).includes(started.relay!.id)).toBe(false);
  const ids = devnet.since(0, 'relay-reservation').map(({ remote }) => remote);
  expect(new Set(ids).size).toBe(2);
  expect(devnet.since(0, 'joined').some(({ remote }) => remote === address.split('/').at(-1))).toBe(true);
});

for (const [knows, seeds] of [['the other', undefined], ['the relay alone, which tells it of the other', '/ip4/127.0.0.1/tcp/1/ws']] as const) {
  test(`a browser that knows ${knows} gets the way from genesis from it, and follows`, knows === 'the other' ? { tag: '@long' } : {}, async ({ startDevnet, open }) => {
    const devnet = await startDevnet('--seed', `webrtc ${knows}`, '--epochs', '2', '--relay', '0');
    const relays = relayOf(devnet);
    const first = await open({ seeds: devnet.seeds, relays });
    await untilLevel(first, 'proven');
    const address = await addressOf(first);
    const second = await open({ seeds: seeds ?? address, relays, minPeers: '1' });
    await untilLevel(second, 'proven');
    await untilHead(second, devnet.head);
    await untilEstablished(second);
    await devnet.produce(3);
    await untilHead(second, devnet.head);
    await expect.poll(() => links(second)).toMatchObject([{ address, kind: 'petrel', state: 'live' }]);
    // No node of the network has connected to it.
    expect(new Set(devnet.since(0, 'joined').map(({ remote }) => remote))).toEqual(new Set([address.split('/').at(-1)]));
    expect((await sharing(first)).uploaded).toBeGreaterThan(0);
  });
}

test('a browser that was closed and opened again serves the way from genesis as before', { tag: '@long' }, async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc restart', '--epochs', '2', '--relay', '0');
  const settings = { seeds: devnet.seeds, relays: relayOf(devnet) };
  const before = await open(settings);
  await untilLevel(before, 'proven');
  await untilHead(before, devnet.head);
  await before.goto('about:blank');
  // Its hub has ended, so the next hub knows only what is in the database.
  await devnet.untilAlone();
  const first = await open(settings, before);
  await untilEstablished(first);
  const address = await addressOf(first);
  const second = await open({ seeds: address, relays: relayOf(devnet), minPeers: '1' });
  await untilLevel(second, 'proven');
  await untilHead(second, devnet.head);
});

for (const host of ['shared', 'elected'] as const) {
  test(`while a page is blocked, its pump moves the bytes: ${host} host`, host === 'shared' ? {} : { tag: '@long' }, async ({ startDevnet, open }) => {
    const devnet = await startDevnet('--seed', 'webrtc busy', '--relay', '0');
    // The first browser follows into the next batch, and the second starts there. So only the first has the batch before.
    const { first, second } = await pair(open, devnet, { host }, 34);
    await untilHead(second, devnet.head);
    expect(new Set(await ways(first))).toEqual(new Set(['pump']));
    const each = await untilGossip(devnet, second);
    const before = await received(second);
    const release = await block(first);
    // Each request opens a stream, which needs no page either.
    expect(await second.evaluate(async () => (await petrel!.getBlock(231))?.height)).toBe(231);
    await produceForAWhile(devnet, second);
    const inTime = (await received(second)) - before;
    test.info().annotations.push({ type: 'arrived', description: `${Math.round(inTime / each)} of ${BLOCKS} blocks while they were made, or within two seconds` });
    // On a busy machine the blocks pass other slow steps besides this link. The page stays blocked all the while.
    await expect.poll(async () => (await received(second)) - before).toBeGreaterThanOrEqual((BLOCKS * each) / 2);
    await release();
  });
}

test('without the pump a blocked page delivers nothing until it is free again', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc proxy', '--relay', '0');
  const { first, second } = await pair(open, devnet, { rtcProxy: 'true' });
  expect(new Set(await ways(first))).toEqual(new Set(['page']));
  const each = await untilGossip(devnet, second);
  const release = await block(first);
  // Data that was already under way has arrived.
  await expect.poll(() => steady(second)).toBe(true);
  const before = await received(second);
  await produceForAWhile(devnet, second);
  expect((await received(second)) - before).toBe(0);
  await release();
  await expect.poll(async () => (await received(second)) - before).toBeGreaterThanOrEqual((BLOCKS * each) / 2);
});

test('where a channel cannot be transferred, a new one is made in the page', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc untransferred', '--relay', '0');
  const relays = relayOf(devnet);
  const first = await open({ seeds: devnet.seeds, relays });
  // The transfer seems to work, but the channel never arrives.
  await first.evaluate(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, message: unknown, transfer?: unknown) {
      if (!(Array.isArray(transfer) && transfer.some((item) => item instanceof RTCDataChannel))) Reflect.apply(postMessage, this, [message, transfer]);
    };
  });
  await untilEstablished(first);
  const second = await open({ seeds: await addressOf(first), relays });
  await expect.poll(() => links(second)).toHaveLength(1);
  expect(new Set(await ways(first))).toEqual(new Set(['page']));
  expect(new Set(await ways(second))).toEqual(new Set(['pump']));
  expect(await untilGossip(devnet, second)).toBeGreaterThan(100);
});

test('when the relay stops, links stay, and reservations return with it', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc relay', '--relay', '0');
  const { first, second, address } = await pair(open, devnet);
  await devnet.command({ do: 'stop', peer: 'relay' });
  for (const page of [first, second]) await expect.poll(async () => (await sharing(page)).addresses).toEqual([]);
  // Without the relay no link can be made: these bytes come over one that stayed.
  expect(await untilGossip(devnet, second)).toBeGreaterThan(100);
  for (const page of [first, second]) await expect.poll(async () => (await states(page)).filter((state) => state === 'connected')).toHaveLength(1);
  await devnet.command({ do: 'start', peer: 'relay' });
  await expect.poll(async () => (await sharing(first)).addresses).toEqual([address]);
});

test('when the tab that holds the link is closed, the hub dials anew through another tab', async ({ startDevnet, open }) => {
  const devnet = await startDevnet('--seed', 'webrtc tab', '--relay', '0');
  const { second, address } = await pair(open, devnet);
  const other = await open({ seeds: address, relays: relayOf(devnet) }, second);
  expect(await made(other)).toEqual([]);
  await second.close();
  await expect.poll(async () => (await made(other)).length).toBeGreaterThan(0);
  await expect.poll(() => links(other)).toHaveLength(1);
  expect(await untilGossip(devnet, other)).toBeGreaterThan(100);
});
