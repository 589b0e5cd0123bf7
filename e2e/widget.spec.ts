import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect } from './support/fixtures.ts';
import { serious } from './support/serious.ts';
import { ask, collectEvents, embedUrl, frameOf, test, widgetTag } from './support/widget-host.ts';

/**
 * The widget on other sites. Playwright's flags deny storage to frames of another site, so these tests are of what users have who block
 * third-party data; `widget-partitioned.spec.ts` has the rest. The numbers are those of the acceptance rows.
 */

/** Of the local network's genesis block. */
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';

/** The dedicated workers of all frames: the client's own, as there is nothing to share. */
const workers = (page: Page) => page.workers().length;
const ready = (page: Page, at = 0) => expect(frameOf(page, at).getByTestId('connection')).toHaveAttribute('data-state', 'live');
const ignored = (page: Page, at = 0) => page.locator('petrel-widget').nth(at).evaluate((widget) => (widget as unknown as { ignoredMessages: number }).ignoredMessages);

test('W1, W6: one script and one tag show a proven balance, its trust and finality, from memory, and say so', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'widget');
  await devnet.produce(2);
  const page = await openHost(widgetTag(embedUrl(site, devnet), { address: RICH }, '<p>Loading the wallet …</p>'));
  const told = await collectEvents(page);
  const frame = frameOf(page);
  await expect(frame.getByTestId('balance')).toHaveAttribute('data-luna', '1000000000000');
  await expect(frame.getByTestId('balance')).toHaveText('10,000,000 NIM');
  await expect(frame.getByTestId('verdict')).toHaveAttribute('data-level', 'proven');
  await expect(frame.getByTestId('verdict')).toContainText('Can still change');
  await expect(frame.getByTestId('memory')).toBeVisible();
  await expect(frame.getByTestId('host')).toContainText('a.localhost');
  await expect(frame.getByTestId('address')).toHaveText(RICH);
  await expect(frame.getByTestId('identicon')).toHaveAttribute('data-drawn', 'true');
  await frame.getByRole('button', { name: 'Receive' }).click();
  await expect(frame.getByTestId('qr')).toHaveAttribute('data-text', RICH);
  await frame.getByRole('button', { name: 'Receive' }).click();
  await expect(frame.getByTestId('qr')).toBeHidden();
  await expect(page.getByText('Loading the wallet …')).toBeHidden();

  const { hash, height } = devnet.head;
  expect(await ask(page, 'getBalance', { address: RICH })).toMatchObject({ address: RICH, balance: '1000000000000', level: 'proven', finality: 'pending', block: { height, hash } });
  expect(await ask(page, 'getHead')).toMatchObject({ known: true, height, hash, final: { height: expect.any(Number) } });
  expect(await ask(page, 'getStatus')).toMatchObject({ consensus: 'established', storage: 'memory', development: true, ignoredMessages: 0 });
  expect(await ask(page, 'getTrust')).toMatchObject({ level: 'proven' });
  expect(await ask(page, 'isConsensusEstablished')).toBe(true);
  expect(await ask(page, 'getBlockNumber')).toBe(height);
  expect(await ask(page, 'getTransactions', [{ address: NOBODY }])).toMatchObject({ transactions: [], more: false });
  await expect.poll(async () => (await told()).find(({ type }) => type === 'balance')?.detail).toMatchObject({ balance: '1000000000000', level: 'proven' });
  expect((await told()).some(({ type, detail }) => type === 'status' && detail['consensus'] === 'established')).toBe(true);

  // The attributes are properties, and change what is shown without a new start.
  await page.locator('petrel-widget').evaluate((widget) => Object.assign(widget, { address: 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000', view: 'history', lang: 'de', theme: 'dark' }));
  await expect(frame.getByTestId('frame')).toHaveAttribute('data-view', 'history');
  await devnet.command({ do: 'send', from: 0, to: NOBODY, value: 123_456, fee: 0 });
  await devnet.produce(1);
  await expect(frame.getByTestId('transaction')).toHaveAttribute('data-state', 'included');
  await expect(frame.getByTestId('transaction')).toContainText('+1,23456 NIM');
  await page.locator('petrel-widget').evaluate((widget) => Object.assign(widget, { view: 'status' }));
  await expect(frame.getByTestId('head')).toHaveAttribute('data-hash', devnet.head.hash);
});

test('W3: messages of another origin, window or form are ignored and counted, on both sides', async ({ startDevnet, site, hosts, openHost }) => {
  const devnet = await startDevnet('--seed', 'spoof');
  await devnet.produce(1);
  hosts.pages.set('/stranger', { body: '', script: '' });
  const page = await openHost(`${widgetTag(embedUrl(site, devnet))}<iframe name="stranger" src="${hosts.url('a', '/stranger')}"></iframe>`);
  await ready(page);
  expect(await ignored(page)).toBe(0);
  // To the host: a hello from another window, and one from the host itself.
  const nonce = '0'.repeat(32);
  await page.frame('stranger')!.evaluate((hello) => parent.postMessage({ petrel: 1, hello }, '*'), nonce);
  await page.evaluate((hello) => postMessage({ petrel: 1, hello }, location.origin), nonce);
  await expect.poll(() => ignored(page)).toBe(2);
  // To the frame: from a window that is not its parent, and from its parent with a wrong nonce, without a port, or late.
  await page.frame('stranger')!.evaluate(() => parent.document.querySelector('petrel-widget')!.shadowRoot!.querySelector('iframe')!.contentWindow!.postMessage({ petrel: 1, nonce: 'x' }, '*'));
  await page.evaluate((wrong) => {
    const { port1, port2 } = new MessageChannel();
    port1.start();
    const frame = document.querySelector('petrel-widget')!.shadowRoot!.querySelector('iframe')!.contentWindow!;
    frame.postMessage({ petrel: 1, nonce: wrong, versions: [1], options: {} }, '*', [port2]);
    frame.postMessage('text', '*');
    frame.postMessage({ id: 1, method: 'getHead' }, '*');
  }, nonce);
  await expect.poll(async () => ((await ask(page, 'getStatus')) as { ignoredMessages: number }).ignoredMessages).toBe(4);
  expect(await ask(page, 'getBlockNumber')).toBe(devnet.head.height);
});

test('W5: a host of the same origin, a sandbox without an origin, a page without an origin and a page within a page are refused what they may not do', async ({ startDevnet, site, hosts, openHost, context }, info) => {
  const devnet = await startDevnet('--seed', 'places');
  await devnet.produce(1);
  const src = embedUrl(site, devnet);

  // The element refuses its own origin; so does the frame.
  const own = await context.newPage();
  await own.route(`${site.url}host`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><link rel="icon" href="data:,"><script src="/widget.js"></script>${widgetTag(src)}<iframe src="${src}"></iframe>` }));
  await own.goto(`${site.url}host`);
  await expect(own.locator('petrel-widget')).toContainText('same-origin');
  expect(await ask(own, 'getHead')).toMatchObject({ error: 4900 });
  await expect(own.frameLocator('body > iframe').getByTestId('refused')).toHaveAttribute('data-why', 'same-origin');
  await own.goto(src);
  await expect(own.getByTestId('refused')).toHaveAttribute('data-why', 'top');

  const nested = await openHost(widgetTag(src, { view: 'pay', amount: '1', recipient: NOBODY }), { path: '/inner' });
  await ready(nested);
  await expect(frameOf(nested).getByRole('button', { name: 'Pay 1 NIM' })).toBeEnabled();
  const outer = await openHost(`<iframe src="${hosts.url('a', '/inner')}" width="600" height="600"></iframe>`, { site: 'b', path: '/outer', script: '' });
  const inner = outer.frameLocator('iframe').locator('petrel-widget').frameLocator('iframe');
  await expect(inner.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await expect(inner.getByTestId('host')).toContainText(/a\.localhost.*within.*b\.localhost/u);
  await expect(inner.getByRole('button', { name: 'Pay 1 NIM' })).toBeDisabled();
  expect(await ask(outer.frames()[1] as unknown as Page, 'sign', 'text')).toEqual({ error: 4100, data: { reason: 'nested-frame' } });

  // A file has no origin, and the policy of the frame's page lets no such page embed it.
  mkdirSync(info.outputDir, { recursive: true });
  const file = info.outputPath('host.html');
  writeFileSync(file, `<!doctype html><script src="${site.url}widget.js"></script>${widgetTag(src, { address: RICH })}`);
  const page = await context.newPage();
  await page.goto(`file://${file}`);
  expect(await ask(page, 'getHead')).toEqual({ error: 4900, data: { reason: 'frame-silent' } });
  await expect(page.locator('petrel-widget')).toContainText('frame-silent');
});

test('W5: a sandbox that takes the frame’s origin away leaves a text that says so, and the host is told', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'opaque');
  // The browser reports the page's own files as blocked.
  await context.addInitScript(() => addEventListener('securitypolicyviolation', (event) => event.stopImmediatePropagation(), true));
  const page = await openHost(`<iframe sandbox="allow-scripts" src="${embedUrl(site, devnet).replaceAll('&', '&amp;')}"></iframe>`, { script: '' });
  await expect(page.frameLocator('iframe').getByText('needs allow-scripts and allow-same-origin')).toBeVisible();
});

test('W8: reload, move, removal and destroy end what was there: 4900 for open requests, and no worker is left', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'life');
  await devnet.produce(1);
  const page = await openHost(`<div id="one">${widgetTag(embedUrl(site, devnet), { address: RICH })}</div><div id="two"></div>`);
  await ready(page);
  // Verifiers come and go with their work.
  const before = workers(page);
  expect(before).toBeGreaterThan(0);
  /** The request waits for a person; what happens meanwhile ends it. */
  const pending = (then: string) =>
    page.evaluate(async (what) => {
      const widget = document.querySelector('petrel-widget') as HTMLElement & { request(request: unknown): Promise<unknown>; destroy(): void };
      const open = widget.request({ method: 'sign', params: { message: 'm' } }).catch(({ code, data }: { code: number; data: unknown }) => ({ error: code, data }));
      // Answered requests were taken before: this one is in the frame by now.
      await widget.request({ method: 'getStatus' });
      if (what === 'reload') widget.shadowRoot!.querySelector('iframe')!.src += '&again=1';
      if (what === 'move') document.querySelector('#two')!.append(widget);
      if (what === 'remove') {
        widget.remove();
        document.querySelector('#one')!.append(widget);
      }
      if (what === 'destroy') widget.destroy();
      return open;
    }, then);
  expect(await pending('reload')).toEqual({ error: 4900, data: { reason: 'reloaded' } });
  await ready(page);
  expect(await pending('move')).toEqual({ error: 4900, data: { reason: 'removed' } });
  await ready(page);
  expect(await pending('remove')).toEqual({ error: 4900, data: { reason: 'removed' } });
  await ready(page);
  await expect.poll(() => workers(page)).toBeLessThanOrEqual(before);
  await page.reload();
  await ready(page);
  await expect.poll(() => workers(page)).toBeLessThanOrEqual(before);
  expect(await pending('destroy')).toEqual({ error: 4900, data: { reason: 'destroyed' } });
  await expect.poll(() => workers(page)).toBe(0);
  await devnet.untilAlone();
  expect(await ask(page, 'getHead')).toMatchObject({ error: 4900 });
});

test('W9: each method has its stated refusal: unknown, wrong parameter, too many addresses, blocked, offline', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'refusals');
  await devnet.produce(1);
  const page = await openHost(widgetTag(embedUrl(site, devnet)));
  await ready(page);
  for (const method of ['eth_accounts', 'exportKeys', '__proto__', 'constructor', 'toString', '']) expect(await ask(page, method)).toEqual({ error: 4200, data: { reason: 'unknown-method' } });
  const badParams = (reason: string, field?: string) => ({ error: -32602, data: field === undefined ? { reason } : { reason, field } });
  expect(await ask(page, 'getBalance')).toEqual(badParams('wrong-value', 'address'));
  expect(await ask(page, 'getBalance', { address: RICH.replace('U66M', '6U6M') })).toEqual(badParams('wrong-value', 'address'));
  expect(await ask(page, 'sendBasicTransaction', { recipient: NOBODY, value: 1.5 })).toEqual(badParams('wrong-value', 'value'));
  expect(await ask(page, 'sendBasicTransaction', { recipient: NOBODY, value: 1, validityStartHeight: 5 })).toEqual(badParams('unknown-field', 'validityStartHeight'));
  expect(await ask(page, 'sign', { message: 'm', isHex: true })).toEqual({ error: 4200, data: { reason: 'hex-message' } });

  // Someone who has blocked this site's requests.
  const frame = frameOf(page);
  await frame.getByRole('button', { name: 'What this site may do' }).click();
  await frame.getByRole('button', { name: 'Block' }).click();
  await expect(frame.getByTestId('may-ask')).toHaveAttribute('data-blocked', 'true');
  for (const method of ['listAccounts', 'sign', 'sendBasicTransaction', 'sendBasicTransactionWithData', 'sendNewStakerTransaction', 'sendStakeTransaction', 'sendUpdateStakerTransaction', 'sendSetActiveStakeTransaction', 'sendRetireStakeTransaction', 'sendRemoveStakeTransaction']) {
    expect(await ask(page, method, {})).toEqual({ error: 4100, data: { reason: 'blocked' } });
  }
  await frame.getByRole('button', { name: 'Allow again' }).click();

  // In a second widget, so that the limit of messages a second is not met: 20 addresses, then no more.
  const other = await openHost(widgetTag(embedUrl(site, devnet)), { path: '/other' });
  await ready(other);
  const addresses = twentyOne();
  for (const address of addresses.slice(0, 20)) expect(await ask(other, 'getBalance', { address })).toMatchObject({ balance: expect.any(String) });
  expect(await ask(other, 'getBalance', { address: addresses[20] })).toEqual({ error: 4100, data: { reason: 'too-many-addresses' } });
  await other.close();

  await devnet.stop();
  await context.setOffline(true);
  await expect(frame.getByTestId('connection')).toHaveAttribute('data-state', 'offline');
  expect(await ask(page, 'getBalance', { address: RICH })).toEqual({ error: 4900, data: { reason: 'offline' } });
  expect(await ask(page, 'sendBasicTransaction', { recipient: NOBODY, value: 1 })).toEqual({ error: 4900, data: { reason: 'offline' } });
  expect(await ask(page, 'isConsensusEstablished')).toBe(false);
});

test('offline, the last proven balance stays, with the time that it is of', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'as of');
  await devnet.produce(1);
  const page = await openHost(widgetTag(embedUrl(site, devnet), { address: RICH }));
  const frame = frameOf(page);
  await expect(frame.getByTestId('balance')).toBeVisible();
  await devnet.stop();
  await context.setOffline(true);
  await expect(frame.getByTestId('as-of')).toContainText('As of');
  await expect(frame.getByTestId('balance')).toHaveAttribute('data-luna', '1000000000000');
});

test('W14: hosts with a strict policy, and hosts that require such headers of everything, can embed it', async ({ startDevnet, site, hosts, openHost }) => {
  const devnet = await startDevnet('--seed', 'strict hosts');
  await devnet.produce(1);
  const { origin } = new URL(site.url);
  hosts.files.set('/widget.js', ['text/javascript', await (await fetch(`${site.url}widget.js`)).text()]);
  const tag = widgetTag(embedUrl(site, devnet), { address: RICH });
  const strict = await openHost(tag, {
    headers: { 'Content-Security-Policy': `default-src 'none'; script-src 'self'; img-src data:; frame-src ${origin}` },
    script: '<script type="module" src="/widget.js"></script>',
  });
  await expect(frameOf(strict).getByTestId('balance')).toBeVisible();
  const isolated = await openHost(tag, {
    path: '/isolated',
    headers: { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' },
    script: `<script type="module" crossorigin src="${site.url}widget.js"></script>`,
  });
  await expect(frameOf(isolated).getByTestId('balance')).toBeVisible();
  expect(await isolated.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(await ask(isolated, 'sign', 'text')).toEqual({ error: 4200, data: { reason: 'host-isolated' } });
});

test('W16: the frame is as high as its content, tells it, and causes no loop; the host may cap it', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'size');
  await devnet.produce(1);
  const page = await openHost(widgetTag(embedUrl(site, devnet), { address: RICH }));
  const told = await collectEvents(page);
  const frame = frameOf(page);
  await expect(frame.getByTestId('balance')).toBeVisible();
  const heights = async () => ({
    host: await page.locator('petrel-widget').evaluate((widget) => widget.getBoundingClientRect().height),
    content: await frame.locator('#root').evaluate((root) => Math.ceil(root.getBoundingClientRect().height)),
  });
  const fits = () => expect.poll(async () => { const { host, content } = await heights(); return host - content; }).toBe(0);
  await fits();
  const wide = (await heights()).host;
  await page.setViewportSize({ width: 300, height: 800 });
  await expect.poll(async () => (await heights()).host).toBeGreaterThan(wide);
  await fits();
  expect(await frame.locator('html').evaluate((html) => [html.scrollWidth - html.clientWidth, html.scrollHeight - html.clientHeight])).toEqual([0, 0]);
  await frame.getByRole('button', { name: 'What this site may do' }).click();
  await expect(frame.getByTestId('menu')).toBeVisible();
  await fits();
  const sizes = (await told()).filter(({ type }) => type === 'resize').map(({ detail }) => detail['height']);
  expect(sizes.length).toBeLessThan(12);
  // No height is told twice in a row.
  expect(sizes.filter((size, at) => size === sizes[at - 1])).toEqual([]);
  await page.locator('petrel-widget').evaluate((widget) => (widget.style.maxHeight = '150px'));
  await expect.poll(async () => (await heights()).host).toBe(150);
});

test('W17: in a flood of messages host and frame stay usable; the flood is answered with busy', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'flood');
  await devnet.produce(1);
  const page = await openHost(widgetTag(embedUrl(site, devnet), { address: RICH }));
  await expect(frameOf(page).getByTestId('balance')).toBeVisible();
  const counts = await page.evaluate(async () => {
    const widget = document.querySelector('petrel-widget') as HTMLElement & { request(request: unknown): Promise<unknown> };
    const counts: Record<string, number> = {};
    const one = () => widget.request({ method: 'getBlockNumber', params: {} }).then(() => 'answered', (error: { data: { reason: string } }) => error.data.reason).then((key) => (counts[key] = (counts[key] ?? 0) + 1));
    for (let round = 0; round < 100; round++) {
      await Promise.all(Array.from({ length: 100 }, one));
    }
    return counts;
  });
  expect(counts['answered']! + counts['busy']!).toBe(10_000);
  expect(counts['answered']).toBeGreaterThan(19);
  expect(counts['busy']).toBeGreaterThan(8_000);
  await devnet.produce(1);
  await expect.poll(() => ask(page, 'getBlockNumber')).toBe(devnet.head.height);
  await expect(frameOf(page).getByTestId('connection')).toHaveAttribute('data-state', 'live');
});

test('W18: an element and a frame without a common version say so', async ({ startDevnet, site, openHost, hosts }) => {
  const devnet = await startDevnet('--seed', 'versions');
  const text = await (await fetch(`${site.url}widget.js`)).text();
  // An element of a later time, which speaks version 2 only.
  hosts.files.set('/later.js', ['text/javascript', text.replace('=[1]', '=[2]')]);
  const page = await openHost(widgetTag(embedUrl(site, devnet)), { script: '<script src="/later.js"></script>' });
  await expect(page.locator('petrel-widget')).toContainText('version');
  expect(await ask(page, 'getHead')).toMatchObject({ error: 4900 });
  // One that speaks both is understood.
  hosts.files.set('/both.js', ['text/javascript', text.replace('=[1]', '=[2,1]')]);
  const both = await openHost(widgetTag(embedUrl(site, devnet)), { path: '/both', script: '<script src="/both.js"></script>' });
  await ready(both);
});

test('W19: a frame that nobody sees keeps no peers, and follows the chain again when it is seen or asked', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'unseen');
  await devnet.produce(1);
  const page = await openHost(`${widgetTag(embedUrl(site, devnet), { address: RICH })}<div style="height: 5000px"></div>`);
  await expect(frameOf(page).getByTestId('balance')).toBeVisible();
  await page.evaluate(() => scrollTo(0, 5000));
  await devnet.untilAlone();
  await devnet.produce(1);
  // A question wakes it, and it sleeps again.
  expect(await ask(page, 'getBalance', { address: RICH })).toMatchObject({ block: { height: devnet.head.height } });
  await devnet.untilAlone();
  await page.evaluate(() => scrollTo(0, 0));
  await ready(page);
  await expect.poll(() => ask(page, 'getBlockNumber')).toBe(devnet.head.height);
});

test('W15: axe finds nothing serious in any view, light and dark, wide and narrow', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'axe');
  await devnet.command({ do: 'send', from: 0, to: NOBODY, value: 5, fee: 0 });
  await devnet.produce(2);
  const page = await openHost(`<main><h1>Host</h1>${widgetTag(embedUrl(site, devnet), { address: NOBODY, amount: '12.5', recipient: RICH, message: 'Order 5' })}</main>`);
  await ready(page);
  const frame = frameOf(page);
  await frame.getByRole('button', { name: 'What this site may do' }).click();
  for (const view of ['balance', 'history', 'status', 'pay']) {
    await page.locator('petrel-widget').evaluate((widget, next) => widget.setAttribute('view', next), view);
    await expect(frame.getByTestId('frame')).toHaveAttribute('data-view', view);
    if (view === 'balance') await frame.getByRole('button', { name: 'Receive' }).click();
    if (view === 'history') await expect(frame.getByTestId('transaction')).toBeVisible();
    if (view !== 'status') await expect(frame.getByTestId('identicon')).toHaveAttribute('data-drawn', 'true');
    for (const theme of ['light', 'dark']) {
      await page.locator('petrel-widget').evaluate((widget, next) => widget.setAttribute('theme', next), theme);
      await expect(frame.locator('html')).toHaveAttribute('data-theme', theme);
      for (const width of [1000, 300]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await serious(page.frames()[1] as unknown as Page), `${view}, ${theme}, ${width}`).toEqual([]);
        expect(await frame.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)).toBe(0);
      }
    }
  }
});

/** Addresses with right check digits under which nothing is stored. */
function twentyOne(): string[] {
  return Array.from({ length: 21 }, (_, at) => {
    const body = String(at).padStart(32, '0');
    const digits = [...`${body}NQ00`].map((character) => Number.parseInt(character, 36)).join('');
    const check = String(98 - Number(BigInt(digits) % 97n)).padStart(2, '0');
    return `NQ${check} ${body.replaceAll(/.{4}(?=.)/gu, '$& ')}`;
  });
}
