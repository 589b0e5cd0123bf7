import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { untilEstablished, untilHead, untilNotice } from './support/app.ts';
import { BrokenBuild } from './support/broken-build.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { wholeChromium } from './support/whole-chromium.ts';

test('a page whose main script is missing reports it, and what to do', async ({ startDevnet, context, site }) => {
  const devnet = await startDevnet('--seed', 'gone');
  const page = await context.newPage();
  await page.route('**/assets/index-*.js', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto(appUrl(site, devnet));
  await expect(page.getByTestId('last-defence')).toBeVisible();
  await expect(page.getByTestId('last-defence')).toContainText('Reload the page');
});

test('a page whose client does not load reports it after some seconds, and does not claim to read stored data', async ({ startDevnet, context, site }) => {
  const devnet = await startDevnet('--seed', 'late');
  const page = await context.newPage();
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/assets/unit-albatross-*.js', async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(appUrl(site, devnet));
  const state = page.locator('.state');
  await expect(state).toHaveText('Starting the client.');
  await expect(state).toContainText('The client has not come yet');
  await expect(state).toContainText('close all tabs of this page');
  release();
  await untilEstablished(page);
  await expect(state).toHaveText('');
});

test('when the browser blocks all site data, each tab works in memory and reports it', async ({ startDevnet, site }, info) => {
  const devnet = await startDevnet('--seed', 'blocked');
  const profile = info.outputPath('profile');
  mkdirSync(join(profile, 'Default'), { recursive: true });
  // The setting "block all cookies" of a user.
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
  const context = await chromium.launchPersistentContext(profile, { executablePath: wholeChromium() });
  try {
    const pages = [await context.newPage(), await context.newPage()];
    for (const page of pages) {
      await page.goto(appUrl(site, devnet));
      expect(await page.evaluate(() => { try { return String(localStorage.length); } catch (error) { return (error as Error).name; } })).toBe('SecurityError');
      await untilEstablished(page);
      await untilNotice(page, 'storage-unavailable');
    }
    await devnet.produce(2);
    for (const page of pages) await untilHead(page, devnet.head);
    await pages[0]!.close();
    await devnet.produce(1);
    await untilHead(pages[1]!, devnet.head);
    // A page that needs site data reports that it is blocked.
    await pages[1]!.goto(`${site.url}?network=@own.json`);
    await expect(pages[1]!.getByTestId('problem')).toHaveAttribute('data-code', 'site-data-blocked');
  } finally {
    await context.close();
  }
});

const kinds: readonly [name: string, expression: string, text: RegExp][] = [
  ['a text', '"torn"', /torn/],
  ['nothing', 'undefined', /undefined/],
  ['a frozen object', 'Object.freeze({})', /object/],
  ['an exception of the browser', 'new DOMException("torn", "DataError")', /DataError: torn/],
];

/** In each place the test breaks a browser feature that the app uses there, so that it throws. */
const places: readonly [name: string, code: string, where: string, broken: (thrown: string) => string][] = [
  ['a promise', 'unexpected', 'problem', (thrown) => `crypto.randomUUID = () => { throw ${thrown}; };`],
  ['an effect', 'unexpected', 'problem', (thrown) => `const set = setInterval; globalThis.setInterval = (call, time) => { if (time === 1000) throw ${thrown}; return set(call, time); };`],
  ['the drawing', 'unexpected', 'problem', (thrown) => `Object.defineProperty(Intl.NumberFormat.prototype, 'format', { get() { throw ${thrown}; } });`],
  ['a promise that nobody waits for', 'stray-error', 'trouble', (thrown) => `addEventListener('load', () => void Promise.reject(${thrown}));`],
];

/** With `PETREL_LONG` every value is thrown in every place. */
const isLong = process.env['PETREL_LONG'] === '1';

for (const [nth, [place, code, where, broken]] of places.entries()) {
  test(`an error thrown by ${place} ends in a text on the page, whatever the value`, async ({ startDevnet, browser, site }) => {
    const devnet = await startDevnet('--seed', `thrown in ${place}`);
    for (const [kind, expression, text] of isLong ? kinds : [kinds[nth]!]) {
      // Use another context, because the usual one fails the test when a page throws.
      const context = await browser.newContext({ serviceWorkers: 'block' });
      const page = await context.newPage();
      await page.addInitScript(broken(expression));
      await page.goto(appUrl(site, devnet));
      await expect(page.getByTestId(where), kind).toHaveAttribute('data-code', code);
      await expect(page.getByTestId(where), kind).toContainText(text);
      await context.close();
    }
  });
}

test('an error while the page’s script loads, or its error page is drawn, ends in a text on the page, whatever the value', async ({ browser, site }) => {
  // The text comes after a fixed time, so the pages wait for it side by side.
  await Promise.all(
    ['document.querySelector', 'Object.fromEntries'].flatMap((name) =>
      kinds.map(async ([, expression]) => {
        const context = await browser.newContext({ serviceWorkers: 'block' });
        const page = await context.newPage();
        await page.addInitScript(`${name} = () => { throw ${expression}; };`);
        await page.goto(site.url);
        await page.locator('[data-testid=last-defence]').waitFor({ state: 'visible' });
        await context.close();
      }),
    ),
  );
});

for (const [kind, expression] of isLong ? kinds : kinds.slice(0, 2)) {
  test(`a shared worker that throws ${kind} while it loads: another kind of hub replaces it, and without one the page reports it`, async ({ startDevnet, page }) => {
    const devnet = await startDevnet('--seed', `worker throws ${kind}`);
    const hub = readdirSync(join(import.meta.dirname, '../dist/assets')).find((name) => /^hub-.*\.js$/u.test(name))!;
    const build = new BrokenBuild(`assets/${hub}`, `if ('onconnect' in globalThis) Object.defineProperty(navigator, 'hardwareConcurrency', { get() { throw ${expression}; } });`);
    try {
      const site = { url: await build.start(), files: {} };
      await page.goto(appUrl(site, devnet, 'unit-albatross', { host: 'shared' }));
      await expect(page.getByTestId('problem')).toHaveAttribute('data-code', 'worker-failed');
      await page.goto(appUrl(site, devnet));
      await untilEstablished(page);
    } finally {
      await build.end();
    }
  });
}

test('a shared worker that lacks a browser feature makes the page name that feature', async ({ startDevnet, page }) => {
  const devnet = await startDevnet('--seed', 'worker lacks');
  const hub = readdirSync(join(import.meta.dirname, '../dist/assets')).find((name) => /^hub-.*\.js$/u.test(name))!;
  const build = new BrokenBuild(`assets/${hub}`, 'delete Array.prototype.toReversed;');
  try {
    await page.goto(appUrl({ url: await build.start(), files: {} }, devnet));
    await expect(page.getByTestId('problem')).toHaveAttribute('data-code', 'missing-features');
    await expect(page.getByTestId('problem')).toContainText('Array.prototype.toReversed');
  } finally {
    await build.end();
  }
});

test('without the code for links to other browsers, the client works with nodes alone, and the log reports it', async ({ startDevnet, openApp, site }) => {
  const devnet = await startDevnet('--seed', 'without webrtc');
  const file = `/assets/${readdirSync(join(import.meta.dirname, '../dist/assets')).find((name) => /^webrtc-.*\.js$/u.test(name))}`;
  site.files[file] = () => '{}';
  try {
    const page = await openApp(devnet, undefined, { relays: '/ip4/127.0.0.1/tcp/9/ws' });
    await untilEstablished(page);
    expect(await page.evaluate(async () => (await petrel!.getLog()).filter(({ level }) => level !== 'info').map(({ code }) => code))).toContain('webrtc-not-loaded');
    await expect(page.getByText('could not be loaded')).toBeVisible();
  } finally {
    delete site.files[file];
  }
});
