import type { Page } from '@playwright/test';
import { untilEstablished } from './support/app.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { serious } from './support/serious.ts';

/** Of the local network's genesis block: the account that `send` spends from, and a staker. */
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const STAKER = 'NQ39 VBTN P2HX Q3MF KHF1 CCLA G6FS 9B8S VY28';
const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';

async function lookUp(page: Page, text: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Look up a block or an account' }).fill(text);
  await page.keyboard.press('Enter');
}

const untilBalance = (page: Page, luna: number) => expect(page.getByTestId('balance')).toHaveAttribute('data-luna', String(luna));
const untilFinality = (page: Page, finality: 'pending' | 'final') => expect(page.getByTestId('account-verdict')).toHaveAttribute('data-finality', finality);

/** One more block, once the page follows the one before: a node that is more than two blocks behind is not believed. */
async function follow(page: Page, devnet: DevnetProcess, blocks: number): Promise<void> {
  for (let i = 0; i < blocks; i++) {
    await devnet.produce(1);
    const { hash } = devnet.head;
    await expect.poll(() => page.evaluate(async () => (await petrel!.getHead()).latest.hash)).toBe(hash);
  }
}

test('a fresh tab shows a proven balance, says what is wrong with a text that is no address, and opens the address of an account', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'account');
  await devnet.produce(2);
  const page = await openApp(devnet);
  await untilEstablished(page);

  await lookUp(page, RICH.replace('U66M', '6U6M'));
  await expect(page.getByText('The check digits do not fit')).toBeVisible();
  await lookUp(page, RICH.slice(0, -1));
  await expect(page.getByText('This address has 35 characters without blanks; 36 are needed.')).toBeVisible();

  await lookUp(page, RICH.toLowerCase());
  await expect(page.getByRole('heading', { name: 'Account' })).toBeFocused();
  await untilBalance(page, 1_000_000_000_000);
  await expect(page.getByTestId('balance')).toHaveText('10,000,000.00000 NIM');
  await expect(page.getByTestId('account-verdict')).toContainText(`Proven at block ${devnet.head.height} · can still change`);
  await expect(page.getByTestId('kind')).toHaveText('Basic account');
  await expect(page.getByTestId('no-transactions')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await serious(page), `${colorScheme}, ${width} px`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
    }
  }

  await expect(page).toHaveURL(/#\/account\/NQ46U66M[\dA-Z]{28}$/u);
  await page.reload();
  await untilBalance(page, 1_000_000_000_000);
  await page.evaluate((address) => (location.hash = `#/account/${address}`), STAKER.replaceAll(' ', ''));
  await expect(page.getByTestId('stake')).toHaveText('1.00000 NIM active');
  await page.evaluate(() => (location.hash = '#/account/NQ46U66M'));
  await expect(page.getByRole('alert')).toContainText('This address has 8 characters without blanks');
});

test('a payment appears as one that can still change, and becomes final, without a reload', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'payment');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(`${appUrl(site, devnet)}#/account/${NOBODY.replaceAll(' ', '')}`);
  await untilBalance(page, 0);
  await expect(page.getByTestId('kind')).toHaveText('Nothing is stored here');
  await expect(page.getByTestId('no-transactions')).toBeVisible();

  // From now on a peer tells the page's client of the address.
  await devnet.waitFor('request', ({ kind }) => kind === 'subscribe');
  const { hash } = (await devnet.command({ do: 'send', from: 0, to: NOBODY, value: 12_345, fee: 200 })) as unknown as { readonly hash: string };
  await follow(page, devnet, 1);
  const payment = page.getByTestId('transaction');
  await expect(payment).toHaveAttribute('data-state', 'included');
  await expect(payment).toHaveAttribute('data-hash', hash);
  await expect(payment).toContainText('+0.12345 NIM');
  await untilBalance(page, 12_345);
  await untilFinality(page, 'pending');

  await follow(page, devnet, 32);
  await expect(payment).toHaveAttribute('data-state', 'confirmed');
  await untilFinality(page, 'final');
  await untilBalance(page, 12_345);

  await devnet.stop();
  await expect(page.getByText('What is shown is the last that was proven.')).toBeVisible();
  await untilBalance(page, 12_345);
});

test('a peer that proves a false balance is banned, and the right balance is shown', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'false balance', '--peers', '4');
  await devnet.produce(2);
  const page = await openApp(devnet, undefined, { desiredPeers: '4' });
  await untilEstablished(page);
  const mark = devnet.mark();
  await lookUp(page, STAKER);
  await untilBalance(page, 0);
  // Who was asked about an address is asked about it again.
  const { peer } = await devnet.waitFor('request', ({ kind }) => kind === 'trie-proof', mark);
  await devnet.command({ do: 'fault', peer, fault: 'trie-value' });
  await lookUp(page, RICH);
  await untilBalance(page, 1_000_000_000_000);
  await follow(page, devnet, 32);
  await expect.poll(() => page.evaluate(async () => (await petrel!.getPeers()).filter(({ state }) => state === 'banned').map(({ reason }) => reason?.code))).toEqual(['wrong-proof']);
  await untilFinality(page, 'final');
  await expect(page.getByTestId('balance')).toHaveText(/^10,000,\d{3}\.\d{5} NIM$/u);
});

test('after a reload the transactions are there, and no peer is asked to prove them again', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'kept history');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(`${appUrl(site, devnet)}#/account/${NOBODY.replaceAll(' ', '')}`);
  await untilBalance(page, 0);
  for (const value of [1, 2, 3]) await devnet.command({ do: 'send', from: 0, to: NOBODY, value, fee: 0 });
  await follow(page, devnet, 33);
  const confirmed = page.locator('[data-testid=transaction][data-state=confirmed]');
  await expect(confirmed).toHaveCount(3);
  // What was proven above is stored as soon as its block is final; this reads it, or stores what is missing.
  await page.reload();
  await expect(confirmed).toHaveCount(3);
  const mark = devnet.mark();
  await page.reload();
  await expect(confirmed).toHaveCount(3);
  expect(devnet.since(mark, 'request').filter(({ kind }) => kind === 'transactions-proof')).toEqual([]);
  expect(devnet.since(mark, 'request').some(({ kind }) => kind === 'receipts')).toBe(true);
});
