import { networkInterfaces } from 'node:os';
import { genesisAccounts } from '../devnet/ledger/genesis-accounts.ts';
import { serveDemo } from '../scripts/demo-host.mjs';
import { findFirefox } from '../scripts/firefox.mjs';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { Address } from '../src/keys/address.ts';
import { KeyPair } from '../src/keys/key-pair.ts';
import { PrivateKey } from '../src/keys/private-key.ts';
import { TransactionBuilder } from '../src/keys/transaction-builder.ts';
import { askedFor, blocksOf, locatorsOf } from './support/asked-for.ts';
import type { ChainNet } from './support/chain-net.ts';
import { Deploy } from './support/deploy.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { Firefox } from './support/firefox.ts';
import type { FirefoxTab } from './support/firefox-tab.ts';
import { appUrl } from './support/fixtures.ts';
import { test as base } from './support/servers.ts';
import { embedUrl } from './support/widget-host.ts';

const executable = findFirefox();

/**
 * A Firefox for each test. Errors of its pages fail the test, as in Chromium (`support/fixtures.ts`). It needs the networks only so that it ends before
 * they do: a page that dials a network which has ended is told as an error.
 */
const test = base.extend<{ readonly firefox: Firefox }>({
  firefox: async ({ outside, startDevnet, startChain }, use) => {
    expect([startDevnet, startChain]).not.toContain(undefined);
    outside.requests.length = 0;
    const firefox = await Firefox.start(executable!, outside.url);
    try {
      await use(firefox);
    } finally {
      await firefox.end();
    }
    base.expect(firefox.violations, 'refused by the security policy').toEqual([]);
    base.expect(firefox.errors, 'errors in pages').toEqual([]);
    base.expect(outside.requests, 'requests to other hosts').toEqual([]);
  },
});
const { expect } = test;

test.skip(executable === undefined, 'no Firefox was found on this machine');

const untilHead = (tab: FirefoxTab, { hash }: { readonly hash: string }) => expect.poll(() => tab.attribute('head', 'data-hash')).toBe(hash);
const untilEstablished = (tab: FirefoxTab) => expect.poll(() => tab.attribute('phase', 'data-phase')).toBe('established');
const host = (tab: FirefoxTab) => tab.evaluate(async () => (await petrel!.getStatus()).host);

/** What the hub logged as wrong: a violation of its file's policy, or an error. */
const wrongInHub = (tab: FirefoxTab) =>
  tab.evaluate(async () => (await petrel!.getLog()).filter(({ level, code }) => level === 'error' || code === 'policy-violation').map(({ code, data }) => `${code} ${JSON.stringify(data)}`));

/** Current number of connections of each peer of the network. */
function connections(devnet: DevnetProcess): number[] {
  const count = (name: 'connection-open' | 'connection-close', peer: number) => devnet.since(0, name).filter((event) => event.peer === peer).length;
  return devnet.started.peers.map(({ peer }) => count('connection-open', peer) - count('connection-close', peer));
}

test('follows the chain live, resumes from disk, and is shared by two tabs', async ({ firefox, startDevnet, site }) => {
  const devnet = await startDevnet('--seed', 'firefox');
  // Far enough from the next macro block for the rest of the test: at a macro block the sync would start anew.
  await devnet.produce(70);
  const url = appUrl(site, devnet);
  const tab = await firefox.open(url);
  await untilHead(tab, devnet.head);
  await untilEstablished(tab);
  for (let n = 0; n < 3; n += 1) {
    await devnet.produce(1);
    await untilHead(tab, devnet.head);
  }
  const first = await host(tab);
  expect(first).toMatchObject({ kind: 'shared-worker', tabs: 1 });

  // Close the page and open it again without any peer: a new hub shows the stored head.
  const stored = devnet.head;
  await tab.goto('about:blank');
  await devnet.untilAlone();
  const known = new Set(blocksOf(devnet).values());
  await devnet.produce(5);
  const mark = devnet.mark();
  for (const { peer } of devnet.started.peers) await devnet.command({ do: 'stop', peer });
  await tab.goto(url);
  await untilHead(tab, stored);
  for (const { peer } of devnet.started.peers) await devnet.command({ do: 'start', peer });
  await untilHead(tab, devnet.head);
  await untilEstablished(tab);
  // The client requests nothing that is stored, and its first locator is the stored head.
  expect(askedFor(devnet, mark).filter((hash) => known.has(hash))).toEqual([]);
  expect(locatorsOf(devnet.since(mark, 'request').find(({ kind }) => kind === 'missing-blocks'))[0]).toBe(stored.hash);
  const second = await host(tab);
  expect(second.fencing).toBe(first.fencing + 1);

  // The same with the browser's reload.
  await tab.reload();
  await untilHead(tab, devnet.head);
  await untilEstablished(tab);
  expect((await host(tab)).fencing).toBe(second.fencing + 1);
  await expect.poll(() => connections(devnet)).toEqual(devnet.started.peers.map(() => 1));

  // A second tab uses the same hub: the network sees no new connection.
  const before = devnet.mark();
  const other = await firefox.open(url);
  await untilHead(other, devnet.head);
  await untilEstablished(other);
  for (const each of [tab, other]) await expect.poll(() => each.text('tabs')).toBe('2');
  await devnet.produce(2);
  for (const each of [tab, other]) await untilHead(each, devnet.head);
  expect(devnet.since(before, 'connection-open')).toEqual([]);

  // Closing the first tab changes nothing for the second.
  await tab.close();
  await expect.poll(() => other.text('tabs')).toBe('1');
  await devnet.produce(2);
  await untilHead(other, devnet.head);
  await untilEstablished(other);
  expect(devnet.since(before, 'connection-close')).toEqual([]);
  expect(await wrongInHub(other)).toEqual([]);
});

test('proves a balance, and sends a payment that becomes final', async ({ firefox, startDevnet, site }) => {
  const devnet = await startDevnet('--seed', 'firefox-payment');
  await devnet.produce(2);
  const friend = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
  const sender = KeyPair.derive(new PrivateKey(genesisAccounts(unitAlbatross).funded[0]!.privateKey));
  const tab = await firefox.open(`${appUrl(site, devnet)}#/account/${sender.toAddress().toUserFriendlyAddress().replaceAll(' ', '')}`);
  await expect.poll(() => tab.text('balance')).toBe('10,000,000.00000 NIM');
  await expect.poll(() => tab.attribute('account-verdict', 'data-level')).toBe('proven');

  // Signed outside of the page: a client never has a key.
  const payment = TransactionBuilder.newBasic(sender.toAddress(), Address.fromUserFriendlyAddress(friend), 12_345n, 200n, devnet.head.height, unitAlbatross.networkId);
  payment.sign(sender, undefined);
  const sent = await tab.evaluate(async (bytes) => (await petrel!.transactions.send(Uint8Array.from(bytes))).state, Array.from(payment.serialize()));
  expect(sent).toBe('sent');
  await devnet.waitFor('transaction', ({ outcome }) => outcome === 'accepted');
  const state = () => tab.evaluate(async (hash) => (await petrel!.transactions.status(hash))?.state, payment.hash());
  await devnet.produce(1);
  await expect.poll(state).toBe('included');
  await expect.poll(() => tab.text('balance')).toBe('9,999,999.87455 NIM');
  for (let n = 0; n < 32; n += 1) {
    await devnet.produce(1);
    await expect.poll(() => tab.evaluate(async () => (await petrel!.getHead()).latest.hash)).toBe(devnet.head.hash);
  }
  await expect.poll(state).toBe('confirmed');
  await expect.poll(() => tab.attribute('transaction', 'data-state')).toBe('confirmed');
  await tab.evaluate((address) => void (location.hash = `#/account/${address}`), friend.replaceAll(' ', ''));
  await expect.poll(() => tab.text('balance')).toBe('0.12345 NIM');
  expect(await wrongInHub(tab)).toEqual([]);
});

test('behind another tab it keeps three peers and follows, in front again all peers', async ({ firefox, startDevnet, site }) => {
  const devnet = await startDevnet('--seed', 'firefox-hidden', '--peers', '5');
  const tab = await firefox.open(appUrl(site, devnet));
  const peers = () => tab.evaluate(async () => (await petrel!.getStatus()).peers);
  await untilEstablished(tab);
  await expect.poll(peers).toMatchObject({ live: 5, wanted: 6 });
  // Firefox really hides the tab behind, which a headless Chromium does not.
  await firefox.open('about:blank');
  expect(await tab.evaluate(() => document.visibilityState)).toBe('hidden');
  await expect.poll(peers).toEqual({ connected: 3, live: 3, wanted: 3 });
  await devnet.produce(2);
  await untilHead(tab, devnet.head);
  await untilEstablished(tab);
  await tab.activate();
  await expect.poll(peers).toMatchObject({ live: 5, wanted: 6 });
});

test('two of them link by WebRTC over a relay, through their pumps, and pass blocks on', async ({ firefox, outside, startDevnet, site }) => {
  test.skip(!Object.values(networkInterfaces()).flat().some((at) => at?.internal === false), 'Firefox does not use loopback for WebRTC, and this machine has no other network interface');
  const devnet = await startDevnet('--seed', 'firefox-webrtc', '--relay', '0');
  const url = new URL(appUrl(site, devnet));
  url.searchParams.set('relays', devnet.started.relay!.address);
  const first = await firefox.open(url.href);
  await untilEstablished(first);
  const addresses = () => first.evaluate(async () => (await petrel!.getStatus()).sharing.addresses);
  await expect.poll(addresses).toHaveLength(1);
  const other = await Firefox.start(executable!, outside.url);
  try {
    url.searchParams.set('seeds', (await addresses())[0]!);
    url.searchParams.set('minPeers', '1');
    const second = await other.open(url.href);
    await untilEstablished(second);
    await devnet.produce(2);
    await untilHead(second, devnet.head);
    const links = () => second.evaluate(async () => (await petrel!.getPeers()).filter(({ state }) => state === 'live').map(({ kind, transport }) => `${kind} ${transport}`));
    await expect.poll(links).toEqual(['petrel webrtc']);
    const ways = await second.evaluate(async () => (await petrel!.getLog()).filter(({ code }) => code === 'rtc-channel').map(({ data }) => data['way']));
    expect(new Set(ways)).toEqual(new Set(['pump']));
    expect([...other.violations, ...other.errors, ...(await wrongInHub(second))]).toEqual([]);
  } finally {
    await other.end();
  }
});

test('opens after the server was stopped and shows the stored head', async ({ firefox, startDevnet }) => {
  const deploy = new Deploy();
  try {
    const devnet = await startDevnet('--seed', 'firefox-offline');
    await devnet.produce(3);
    const url = appUrl({ url: await deploy.start(), files: {} }, devnet);
    const tab = await firefox.open(url);
    await tab.evaluate(async () => void (await navigator.serviceWorker.ready));
    await untilHead(tab, devnet.head);
    await untilEstablished(tab);
    await tab.goto('about:blank');
    await devnet.untilAlone();
    const { head } = devnet;
    await devnet.stop();
    await deploy.stopServer();

    await tab.goto(url);
    await untilHead(tab, head);
    await expect.poll(() => tab.text('phase')).toBe('Not connected');
    await expect.poll(() => tab.text('as-of')).not.toBeNull();
  } finally {
    await deploy.end();
  }
});

test('W20: the demo page of another site shows a proven balance in the widget, is told of changes, and gets nothing that no person allowed', async ({ firefox, startDevnet, site }) => {
  const devnet = await startDevnet('--seed', 'firefox-widget');
  await devnet.produce(2);
  const payer = devnet.started.accounts[0]!.address;
  const shop = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
  const demo = await serveDemo({ origin: new URL(site.url).origin, src: embedUrl(site, devnet), network: 'unit-albatross', payer, shop });
  try {
    const tab = await firefox.open(demo.url);
    const ask = (method: string, params?: unknown) =>
      tab.evaluate(
        async (name, values) => {
          const widget = document.querySelector('[data-widget=view] petrel-widget') as unknown as { request(request: unknown): Promise<unknown> };
          return widget.request({ method: name, params: values }).catch(({ code }: { code: number }) => ({ error: code }));
        },
        method,
        params ?? null,
      );
    await expect.poll(() => tab.evaluate(() => customElements.get('petrel-widget') !== undefined)).toBe(true);
    const { hash, height } = devnet.head;
    await expect.poll(() => ask('getBalance', { address: payer })).toMatchObject({ address: payer, balance: '1000000000000', level: 'proven', block: { height, hash } });
    expect(await ask('getStatus')).toMatchObject({ consensus: 'established', development: true, ignoredMessages: 0 });
    const told = () => tab.evaluate(() => Array.from(document.querySelectorAll('#log li'), ({ textContent }) => textContent ?? '').filter((line) => line.startsWith('view: petrel-balance')));
    await expect.poll(async () => (await told())[0]).toContain('"balance":"1000000000000"');
    // The second widget, which asks for a payment, has the same client of this site's part of the storage.
    await expect.poll(() => tab.evaluate(async () => (document.querySelector('[data-widget=pay] petrel-widget') as unknown as { request(request: unknown): Promise<unknown> }).request({ method: 'getBlockNumber' }))).toBe(height);
    // A person has to allow this, and none does: the request waits.
    const waits = await tab.evaluate(async () => {
      const widget = document.querySelector('[data-widget=view] petrel-widget') as unknown as { request(request: unknown): Promise<unknown> };
      let answered = false;
      void widget.request({ method: 'listAccounts' }).then(() => (answered = true), () => (answered = true));
      await widget.request({ method: 'getStatus' });
      return !answered;
    });
    expect(waits).toBe(true);

    await devnet.command({ do: 'send', from: 0, to: shop, value: 250_000, fee: 0 });
    await devnet.produce(1);
    await expect.poll(async () => (await told())[0]).toContain('"balance":"999999750000"');
  } finally {
    await demo.close();
  }
});

/** The connections that a network of another chain counts. */
const clientsOf = async (net: ChainNet) => {
  const { replicas, nodes } = await net.command<Partial<Readonly<Record<'replicas' | 'nodes', readonly { readonly clients: number }[]>>>>({ do: 'info' });
  return (replicas ?? nodes ?? []).reduce((sum, { clients }) => sum + clients, 0);
};

/** The lowest height that clients have asked blocks from since the `mark`, and the next mark. */
const lowestAsked = async (net: ChainNet, mark: number) => {
  const look = await net.command<readonly object[] | { readonly requests: readonly { readonly request: object }[] }>({ do: 'look' });
  const asked = ('requests' in look ? look.requests.map(({ request }) => request) : look) as readonly { readonly type?: string; readonly kind?: string; readonly from?: number; readonly start?: number }[];
  const starts = asked.slice(mark).flatMap(({ type, kind, from, start }) => (type === 'get-blocks' || kind === 'GetBlocks' ? [from ?? start ?? 0] : []));
  return { mark: asked.length, lowest: Math.min(...starts, Number.POSITIVE_INFINITY) };
};

for (const [chain, history, final] of [['hotstuff2', '--history', 'two-chain rule'], ['moloch', '--blocks', 'more than two thirds of the validators']] as const) {
  test(`${chain}: syncs, follows, is shared by two tabs, and goes on from disk`, async ({ firefox, startChain }) => {
    const { net, url } = await startChain(chain, '--seed', 'firefox', history, '80');
    await net.produce(1);
    const tab = await firefox.open(url);
    await untilHead(tab, net.head);
    await untilEstablished(tab);
    expect((await lowestAsked(net, 0)).lowest).toBe(1);
    await net.produce(3);
    await untilHead(tab, net.head);
    expect(await tab.attribute('verdict', 'data-level')).toBe('proven');
    expect(await tab.text('finality')).toContain(final);
    // Consensus needs fewer than these four: the last ones may still be on their way.
    await expect.poll(() => clientsOf(net)).toBe(4);
    const other = await firefox.open(url);
    await untilHead(other, net.head);
    await untilEstablished(other);
    expect(await host(other)).toMatchObject({ kind: 'shared-worker', tabs: 2 });
    expect(await clientsOf(net)).toBe(4);
    await other.close();

    await tab.goto('about:blank');
    await expect.poll(() => clientsOf(net)).toBe(0);
    const { mark } = await lowestAsked(net, 0);
    const { height } = net.head;
    await net.produce(2);
    await tab.goto(url);
    await untilHead(tab, net.head);
    await untilEstablished(tab);
    // What is not final is asked for again.
    expect((await lowestAsked(net, mark)).lowest).toBeGreaterThanOrEqual(height - 1);
    expect(await wrongInHub(tab)).toEqual([]);
  });
}

// The tests above rely on Firefox to report these errors.
test('errors in a page are reported', async ({ firefox, outside, site }) => {
  const tab = await firefox.open(`${site.url}?${new URLSearchParams({ network: 'unit-albatross', seeds: '/ip4/127.0.0.1/tcp/1/ws' })}`);
  await tab.evaluate(() => {
    void fetch('http://fetched.invalid/').catch(() => undefined);
    new WebSocket('ws://dialled.invalid/').addEventListener('error', () => undefined);
    setTimeout(() => {
      throw new Error('thrown on purpose');
    });
    void Promise.reject(new Error('rejected on purpose'));
  });
  await expect.poll(() => firefox.violations).toEqual(['connect-src http://fetched.invalid/']);
  await expect.poll(() => outside.requests).toEqual(['CONNECT dialled.invalid:80']);
  await expect.poll(() => firefox.errors).toEqual(expect.arrayContaining(['Error: rejected on purpose', 'Error: thrown on purpose', expect.stringContaining('ws://dialled.invalid/')]));
  for (const list of [firefox.violations, outside.requests, firefox.errors]) list.length = 0;
});
