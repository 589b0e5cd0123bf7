import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { readKeptProofFiles } from '../test/support/kept-proof-files.ts';
import { fromHex } from '../src/base/bytes.ts';
import { untilEstablished } from './support/app.ts';
import { Deploy } from './support/deploy.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { serious } from './support/serious.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const FRIEND = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
/** What an earlier release made: from the genesis block, and from a block that only the file names. */
const kept = readKeptProofFiles(1);
const bytesOf = (name: string) => fromHex(kept.find((file) => file.name === name)?.bytes ?? '');

const verdict = (page: Page) => page.getByTestId('proof-verdict');
const step = (page: Page, name: string) => page.locator(`[data-testid=proof-step][data-step=${name}]`);

/** Drops a file on the page, wherever it is. */
async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page.evaluate(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content)], fileName));
      for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    },
    [name, Array.from(bytes)] as const,
  );
}

async function follow(page: Page, devnet: DevnetProcess, blocks: number): Promise<void> {
  for (let n = 0; n < blocks; n += 1) {
    await devnet.produce(1);
    const { hash } = devnet.head;
    await expect.poll(() => page.evaluate(async () => (await petrel!.getHead()).latest.hash)).toBe(hash);
  }
}

async function looksRight(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await serious(page), `${colorScheme}, ${width} px`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
      if (process.env['PETREL_PICTURES']) await page.screenshot({ path: `${process.env['PETREL_PICTURES']}/${await page.getByTestId('proof-page').getAttribute('data-state')}-${colorScheme}-${width}.png`, fullPage: true });
    }
  }
}

test.describe('with the stored build', () => {
  test.use({ serviceWorkers: 'allow' });

  test('an account’s proof is saved, and opens in a fresh page without a network; a changed byte is refused with the reason', async ({ startDevnet, browser, context }) => {
    const deploy = new Deploy();
    try {
      const devnet = await startDevnet('--seed', 'proof file');
      await devnet.produce(2);
      const page = await context.newPage();
      const url = appUrl({ url: await deploy.start(), files: {} }, devnet);
      await page.goto(`${url}#/account/${RICH.replaceAll(' ', '')}`);
      await expect(page.getByTestId('balance')).toBeVisible();
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save a proof: of this account' }).click();
      await expect(page.getByText('The proof is being made.')).toBeVisible();
      // It comes with the end of the batch.
      await follow(page, devnet, 32);
      const download = await saving;
      expect(download.suggestedFilename()).toMatch(/^account-NQ46U66M.*-\d+\.petrel$/u);
      const bytes = Uint8Array.from(readFileSync(await download.path()));
      await expect(page.getByTestId('save-proof').first()).toContainText('A browser that opens this file gives it the level “Proven from genesis”.');
      await page.getByRole('button', { name: 'Open it here' }).click();
      await expect(verdict(page)).toHaveAttribute('data-level', 'proven');

      const fresh = await (await browser.newContext({ serviceWorkers: 'allow' })).newPage();
      await fresh.goto(`${url}#/proof`);
      await fresh.evaluate(async () => void (await navigator.serviceWorker.ready));
      await devnet.stop();
      await deploy.stopServer();
      await fresh.context().setOffline(true);
      await fresh.reload();
      await drop(fresh, 'balance.petrel', bytes);
      await expect(verdict(fresh)).toContainText('Proven from genesis');
      await expect(fresh.getByTestId('proof-amount')).toHaveText('10,000,000.00000 NIM');
      await expect(fresh.locator('[data-testid=proof-step][data-state=done]')).toHaveCount(5);
      await looksRight(fresh);

      const changed = bytes.with(bytes.length - 40, bytes.at(-40)! ^ 1);
      await drop(fresh, 'changed.petrel', changed);
      await expect(verdict(fresh)).toHaveAttribute('data-tone', 'bad');
      await expect(verdict(fresh)).toContainText('Refused: this file proves nothing');
      await expect(fresh.locator('[data-testid=proof-step][data-state=failed]')).toHaveCount(1);
      await looksRight(fresh);
      await fresh.context().close();
    } finally {
      await deploy.end();
    }
  });
});

test('a transaction’s proof is saved from its row, and chosen in another tab', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'proof of payment');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(`${appUrl(site, devnet)}#/account/${FRIEND.replaceAll(' ', '')}`);
  await expect(page.getByTestId('balance')).toBeVisible();
  await devnet.command({ do: 'send', from: 0, to: FRIEND, value: 12_345, fee: 200 });
  await follow(page, devnet, 33);
  const row = page.locator('[data-testid=transaction][data-state=confirmed]');
  const saving = page.waitForEvent('download');
  await row.getByRole('button', { name: /^Save a proof: of transaction/u }).click();
  const path = await (await saving).path();
  await expect(row.getByText('Saved as transaction-')).toBeVisible();
  if (process.env['PETREL_PICTURES']) for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `${process.env['PETREL_PICTURES']}/account-${width}.png`, fullPage: true });
  }
  await row.getByText('Show it as a QR code').click();
  if (process.env['PETREL_PICTURES']) await page.screenshot({ path: `${process.env['PETREL_PICTURES']}/qr.png`, fullPage: true });
  const link = await row.getByTestId('qr').getAttribute('data-text');
  const scanned = await context.newPage();
  await scanned.goto(link!);
  await expect(verdict(scanned)).toContainText('0.12345 NIM were paid.');
  await expect(scanned).toHaveURL(/#\/proof$/u);
  await scanned.close();
  const other = await context.newPage();
  await other.goto(`${appUrl(site, devnet)}`);
  await other.getByRole('link', { name: 'Open a proof file' }).click();
  await expect(other.getByRole('heading', { name: 'Proof file' })).toBeFocused();
  await looksRight(other);
  await other.getByTestId('proof-input').setInputFiles({ name: 'payment.petrel', mimeType: '', buffer: readFileSync(path) });
  await expect(verdict(other)).toContainText('0.12345 NIM were paid.');
  await expect(other.getByTestId('proof-page')).toContainText(RICH);
});

test('a file that rests on a block which only the file names is not proven, unless this browser’s own chain has that block', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'named', '--epochs', '1');
  await devnet.produce(2);
  // It does not look for the way from genesis, so its files name the block that they begin with.
  const page = await openApp(devnet, undefined, { prove: 'false' });
  await untilEstablished(page);
  await drop(page, 'named.petrel', bytesOf('version 1: staker, from a named block'));
  await expect(page).toHaveURL(/#\/proof$/u);
  await expect(verdict(page)).toContainText('Not proven yet');
  await expect(step(page, 'start')).toHaveAttribute('data-state', 'weak');
  await expect(page.getByTestId('own-chain')).toHaveAttribute('data-level', 'none');
  await looksRight(page);

  const own = await page.evaluate(async () => Array.from((await petrel!.proveBlock((await petrel!.getHead()).final.height)).value));
  await drop(page, 'own.petrel', Uint8Array.from(own));
  await expect(page.getByTestId('own-chain')).toHaveAttribute('data-level', 'witnessed');
  await expect(verdict(page)).toHaveAttribute('data-level', 'witnessed');
  await expect(step(page, 'start')).toHaveAttribute('data-state', 'done');
});

test('a wrong file, a snapshot and a damaged file get a plain sentence each; text that is dropped opens nothing', async ({ page, site }) => {
  await page.goto(`${site.url}?${new URLSearchParams({ seeds: '/ip4/127.0.0.1/tcp/9/ws' })}#/proof`);
  await expect(page.getByTestId('proof-page')).toHaveAttribute('data-state', 'empty');
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'words');
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
  });
  await expect(page.getByTestId('proof-page')).toHaveAttribute('data-state', 'empty');
  const good = bytesOf(kept[0]!.name);
  const files = [
    ['picture.png', Uint8Array.of(0x89, 0x50), 'not-a-proof-file', 'This is no Petrel proof'],
    ['chain.petrel', new TextEncoder().encode('petrelsn and more'), 'snapshot', 'This is a snapshot of the chain'],
    ['short.petrel', good.slice(0, 100), 'damaged', 'damaged or cut off'],
    ['network.petrel', good.with(9, good[9]! ^ 1), 'unknown-network', 'a network that this page does not know'],
    ['later.petrel', good.with(8, 9), 'newer-format', 'A newer Petrel made this file'],
  ] as const;
  for (const [name, bytes, code, text] of files) {
    await drop(page, name, bytes);
    await expect(verdict(page), name).toHaveAttribute('data-code', code);
    await expect(verdict(page)).toContainText(text);
  }
  // Pasted.
  await page.evaluate((content) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(content)], 'pasted.petrel'));
    document.body.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
  }, Array.from(good));
  await expect(page.getByTestId('proof-page')).toContainText('Checked here: pasted.petrel');
  await expect(page.getByTestId('proof-page')).toHaveAttribute('data-state', 'verified');
});
