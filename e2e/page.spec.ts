import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { untilEstablished, untilHead, untilNotice } from './support/app.ts';
import { appUrl, expect, test } from './support/fixtures.ts';

test('forks are drawn as they happen', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'drawn');
  await devnet.produce(5);
  const page = await openApp(devnet);
  await untilEstablished(page);
  await devnet.produce(3);
  await untilHead(page, devnet.head);
  await expect(page.getByTestId('branch')).toHaveCount(0);
  await devnet.command({ do: 'fork', back: 2, n: 3 });
  await untilHead(page, devnet.head);
  await expect(page.getByTestId('branch')).toHaveCount(1);
  await expect(page.getByTestId('branch').locator('[data-state=reverted]')).toHaveCount(2);
  await expect(page.getByRole('group', { name: '2 blocks reverted' })).toBeVisible();
  // The log reports them: with one validator, both blocks at a height are by the same producer.
  const told = (code: string) => page.locator(`[data-testid=log-entry][data-code="${code}"]`);
  await expect(told('rebranched')).toContainText('2 blocks reverted, 3 adopted');
  await expect(told('equivocation').first()).toContainText('two blocks');
});

test('the ladder shows the trust level, the checks and the assumptions; each worker shows its back end', async ({ startDevnet, context, site }) => {
  const devnet = await startDevnet('--seed', 'ladder', '--epochs', '5', '--validators', '3', '--zkp', 'none');
  const page = await context.newPage();
  // Three witnesses exist, but on a slow machine the client may hear of them only after five seconds.
  await page.goto(`${appUrl(site, devnet)}&witnessWait=600000`);
  const trust = page.getByTestId('trust');
  await expect(trust).toHaveAttribute('data-level', 'proven');
  await untilHead(page, devnet.head);
  const here = trust.locator('[aria-current=step]');
  await expect(here).toContainText('Proven from genesis');
  await expect(here).toContainText('We stand here.');
  // The client first trusted three witnesses, and no pinned block.
  const rung = (place: string) => trust.locator(`[data-place=${place}]`);
  await expect(rung('unused')).toHaveText([/^Pinned.*not needed/u, /^Claimed.*not needed/u]);
  await expect(rung('before')).toHaveText([/^Witnessed.*We stood here before/u]);
  await expect(trust).toContainText('5 election blocks');
  await expect(trust).toContainText('the genesis block in the parameters of the network');
  await expect(trust.getByTestId('proof')).toHaveCount(0);
  // Good news needs no banner.
  await expect(page.getByTestId('notice')).toHaveCount(0);
  const worker = page.getByTestId('worker').first();
  await expect(worker).toHaveAttribute('data-backend', 'wasm');
  await expect(worker).toContainText('ms each');
});

test('with the keyboard alone a user can delete stored data, filter and copy the log, and choose a network', async ({ startDevnet, openApp, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const devnet = await startDevnet('--seed', 'keyboard');
  await devnet.produce(5);
  const page = await openApp(devnet);
  await untilEstablished(page);

  const wipe = page.getByRole('button', { name: 'Delete stored data' });
  await wipe.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(wipe).toBeFocused();
  await page.keyboard.press('Enter');
  // "Cancel" has the focus, so that deleting needs one more key.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await untilNotice(page, 'wiped');
  await page.getByRole('button', { name: 'Dismiss' }).press('Enter');
  await expect(page.getByTestId('notice')).toHaveCount(0);
  // Issue 12: what was closed does not come back with a reload.
  await page.reload();
  await untilHead(page, devnet.head);
  await expect(page.getByTestId('notice')).toHaveCount(0);
  await untilHead(page, devnet.head);

  const entries = page.getByTestId('log-entry');
  await page.getByRole('searchbox', { name: 'Search' }).focus();
  await page.keyboard.type('peer-joined');
  await expect(entries.first()).toBeVisible();
  await expect.poll(() => entries.evaluateAll((items) => items.every((item) => (item as HTMLElement).dataset['code'] === 'peer-joined'))).toBe(true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('peers peer-joined {"peer":"12D3');

  await page.getByRole('button', { name: 'Network' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Seeds' }).fill(`${devnet.started.peers[0]!.address}\n${devnet.started.peers[1]!.address}`);
  await page.getByRole('button', { name: 'Open', exact: true }).press('Enter');
  await page.waitForURL((url) => url.searchParams.get('seeds')?.split(',').length === 2);
  await untilHead(page, devnet.head);
});

test('a network file from the user’s own disk is opened', async ({ startDevnet, openApp }, info) => {
  const file = info.outputPath('mine.json');
  const own = await startDevnet('--seed', 'mine', '--network-file', file, '--validators', '3');
  const page = await openApp(own);
  // The peers are of another network, so the client has only the genesis block of this one.
  await expect(page.getByTestId('no-head')).toBeVisible();
  await page.getByRole('button', { name: 'Network' }).click();
  await page.getByRole('radio', { name: 'A file of your own' }).check();
  await page.getByLabel('Network parameters').setInputFiles(file);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get('network') === '@mine.json');
  await untilHead(page, own.head);
  // The file marks its network as one for development. Other networks have no such banner.
  await expect(page.getByTestId('development')).toBeVisible();
  const { development: _, ...silent } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(silent));
  await page.getByRole('button', { name: 'Network' }).click();
  await page.getByRole('radio', { name: 'A file of your own' }).check();
  await page.getByLabel('Network parameters').setInputFiles(file);
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Open', exact: true }).click()]);
  await untilHead(page, own.head);
  await expect(page.getByTestId('development')).toHaveCount(0);
});

test('the seeds in the address apply only to their own network, typed text stays, and a file that cannot be kept is refused', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'seeds');
  const page = await openApp(devnet);
  await page.getByRole('button', { name: 'Network: Local network' }).click();
  const seeds = page.getByRole('textbox', { name: 'Seeds' });
  const ours = devnet.seeds.replaceAll(',', '\n');
  await expect(seeds).toHaveValue(ours);
  await page.getByRole('radio', { name: 'Mainnet' }).check();
  await expect(seeds).toHaveValue('');
  await page.getByRole('radio', { name: 'Local network' }).check();
  await expect(seeds).toHaveValue(ours);
  await seeds.fill('/typed');
  await page.getByRole('radio', { name: 'A file of your own' }).check();
  await expect(seeds).toHaveValue('/typed');
  await page.getByLabel('Network parameters').setInputFiles({ name: 'huge.json', mimeType: 'application/json', buffer: Buffer.alloc(1_000_001, 32) });
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('huge.json');
});

test('the network that the page was opened with is found again from another one, with its seeds or its file', async ({ startDevnet, openApp }, info) => {
  const devnet = await startDevnet('--seed', 'way-back');
  const file = info.outputPath('way-back.json');
  const own = await startDevnet('--seed', 'way-back-own', '--network-file', file, '--validators', '3');
  const page = await openApp(devnet);
  await untilHead(page, devnet.head);
  const dialog = async (choice: string) => {
    await page.getByRole('button', { name: 'Network' }).click();
    await page.getByRole('radio', { name: choice }).check();
  };
  const open = () => Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Open', exact: true }).click()]);

  await dialog('A file of your own');
  await page.getByRole('textbox', { name: 'Seeds' }).fill('');
  await page.getByLabel('Network parameters').setInputFiles(file);
  await open();
  await untilHead(page, own.head);

  await dialog('Local network');
  await expect(page.getByRole('textbox', { name: 'Seeds' })).toHaveValue(devnet.seeds.replaceAll(',', '\n'));
  await page.getByRole('dialog').screenshot({ path: info.outputPath('dialog.png') });
  await open();
  await untilHead(page, devnet.head);

  await dialog('way-back.json');
  await open();
  await untilHead(page, own.head);
});

test('the network dialog stays open when the client connects', async ({ startDevnet, context, site }) => {
  const devnet = await startDevnet('--seed', 'dialog');
  const page = await context.newPage();
  // The test decides when the hub's script arrives.
  let go = () => {};
  const wait = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/unit-albatross-*.js', async (route) => {
    await wait;
    await route.continue();
  });
  await page.goto(appUrl(site, devnet));
  await page.getByRole('button', { name: 'Network' }).click();
  const seeds = page.getByRole('textbox', { name: 'Seeds' });
  await seeds.fill('/half/typed');
  go();
  await expect(page.getByTestId('head')).toBeAttached();
  await expect(seeds).toBeVisible();
  await expect(seeds).toHaveValue('/half/typed');
});

test('nothing overflows at any width, even with texts one and a half times as long', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'narrow');
  await devnet.produce(5);
  const page = await openApp(devnet);
  await untilEstablished(page);
  await devnet.command({ do: 'fault', peer: 1, fault: 'signature' });
  await devnet.produce(2);
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(1);
  for (const width of [320, 640, 700, 1056, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await overflows(page), `${width} px`).toEqual([]);
    expect(await page.locator('td.received').evaluateAll((cells) => cells.filter(({ textContent }) => /\d (?:byte|[kM]B)/u.test(textContent)).length), 'bytes whose unit may be in the next line').toBe(0);
    await page.evaluate(stretch);
    expect(await overflows(page), `${width} px, longer texts`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 800 });
  for (const name of ['Network', 'Delete stored data']) {
    await page.getByRole('button', { name }).click();
    await page.evaluate(stretch);
    expect(await overflows(page), name).toEqual([]);
    await page.keyboard.press('Escape');
  }
});

/** Makes every text one and a half times as long, as another language might. Figures, hashes and already stretched texts stay the same. */
function stretch(): void {
  const texts = document.createTreeWalker(document.getElementById('root')!, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode as Text;
    const text = node.data;
    if (!/\p{L}{2}/u.test(text) || text.endsWith('\u200b') || node.parentElement?.closest('code, svg, .address')) continue;
    // The added words are the same as the first ones, so that lines break at the same kinds of places.
    node.data = `${text} ${text.slice(0, Math.ceil(text.length / 2))}\u200b`;
  }
}

/** Elements that overflow the page, and texts that overflow their boxes, where nothing scrolls. */
function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const name = (element: Element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} "${(element.textContent ?? '').slice(0, 40)}"`;
    const found = Array.from(document.querySelectorAll<HTMLElement>('#root *')).filter((element) => {
      if (element.closest('.visually-hidden, .drawing, svg, thead') || element.getClientRects().length === 0) return false;
      const { left, right } = element.getBoundingClientRect();
      const clipped = !element.matches('select, input, textarea, progress') && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline';
      return right > innerWidth + 0.5 || left < -0.5 || clipped;
    });
    if (document.documentElement.scrollWidth > innerWidth) found.push(document.documentElement);
    return found.map(name);
  });
}

test('a page of Albatross loads no byte of other chains, and the plots with the sync details', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'one-chain');
  await devnet.produce(5);
  const page = await openApp(devnet);
  await untilEstablished(page);
  await expect(page.getByTestId('finality')).toContainText('macro block');
  const loaded = async () => {
    const urls = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js')));
    return Promise.all(urls.map(async (url) => (await page.request.get(url)).text()));
  };
  const holding = (texts: readonly string[], words: RegExp) => texts.filter((text) => words.test(text)).length;
  const ofOthers = /two-chain rule|Tentative, not final|signature-bar/u;
  const ofPlots = /u-over|uplot/u;
  const first = await loaded();
  expect(first.length).toBeGreaterThan(3);
  expect([holding(first, /Macro block \(election block\)/u), holding(first, ofOthers), holding(first, ofPlots)]).toEqual([1, 0, 0]);

  await page.getByTestId('sync-fold').locator('summary').click();
  const details = page.getByTestId('sync-details');
  await expect(details).toHaveAttribute('data-phase', 'live');
  await expect(details).toContainText(`block ${devnet.head.height} of ${devnet.head.height} (proven)`);
  // What Albatross does not measure is not shown.
  await expect(details).toContainText('does not measure its times by height');
  await expect(page.getByTestId('sync-peer')).not.toHaveCount(0);
  await expect(page.locator('.plot canvas')).toHaveCount(2);
  const after = await loaded();
  expect([holding(after, ofOthers), holding(after, ofPlots)]).toEqual([0, 1]);
  // While it is live there is nothing to start or to stop, and the buttons say so.
  for (const name of ['Start the sync', 'Stop the sync']) {
    const button = page.getByRole('button', { name });
    await expect(button).toBeDisabled();
    await expect(button).toHaveAttribute('title', /is live/u);
  }
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export as JSON' }).click()]);
  const exported = JSON.parse(readFileSync(await saved.path(), 'utf8')) as { readonly progress: { readonly percent: number } };
  expect(exported.progress.percent).toBe(100);
});
