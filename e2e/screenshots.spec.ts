import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { untilEstablished, untilHead } from './support/app.ts';
import type { ChainNet } from './support/chain-net.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { Deploy } from './support/deploy.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { picture, pictureFolder } from './support/pictures.ts';

async function untilProven(page: Page): Promise<void> {
  await expect(page.getByTestId('trust')).toHaveAttribute('data-level', 'proven');
}

/** Makes blocks until a final block has proven the keys of the epoch's signers, because only then is their trust level final. */
async function untilKeysFinal(devnet: DevnetProcess, page: Page): Promise<void> {
  await devnet.produce(32);
  await untilHead(page, devnet.head);
}

/** Makes blocks one by one, as in a live network, with a fork on the way. */
async function live(devnet: DevnetProcess, page: Page): Promise<void> {
  for (let n = 0; n < 4; n += 1) {
    await devnet.produce(1);
    await untilHead(page, devnet.head);
  }
  await devnet.command({ do: 'fork', back: 2, n: 3 });
  await untilHead(page, devnet.head);
  await devnet.command({ do: 'produce', n: 1, skip: true });
  await devnet.produce(3);
  await untilHead(page, devnet.head);
}

test('light, dark, wide and narrow', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'picture', '--epochs', '3');
  await devnet.produce(40);
  const page = await openApp(devnet);
  await page.setViewportSize({ width: 1280, height: 1000 });
  await untilEstablished(page);
  await untilProven(page);
  await untilKeysFinal(devnet, page);
  await live(devnet, page);
  await picture(page, 'light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1920, height: 1200 });
  await picture(page, 'wide');
  await page.setViewportSize({ width: 320, height: 1000 });
  // On a phone most sections are folded; the page decides this when it opens.
  await page.reload();
  await untilEstablished(page);
  await picture(page, 'narrow');
  await page.setViewportSize({ width: 1280, height: 1000 });
  await page.goto(`${page.url()}#/block/${devnet.head.height - 1}`);
  await expect(page.getByTestId('block')).toHaveAttribute('data-state', 'found');
  await picture(page, 'block');
});

test('during sync, and proven', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'proof', '--epochs', '200', '--validators', '12', '--zkp', 'none');
  await devnet.produce(40);
  const page = await openApp(devnet);
  await page.setViewportSize({ width: 1280, height: 1000 });
  await untilEstablished(page);
  await expect(page.getByTestId('proof')).toContainText('left');
  await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('[data-testid=proof]')?.dataset['done']) > 60);
  await picture(page, 'sync');
  await untilProven(page);
  await live(devnet, page);
  await picture(page, 'proven');
});

test('in trouble', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'trouble', '--epochs', '2');
  await devnet.produce(10);
  const page = await openApp(devnet);
  await page.setViewportSize({ width: 1280, height: 1000 });
  await untilEstablished(page);
  await untilKeysFinal(devnet, page);
  await live(devnet, page);
  await devnet.command({ do: 'fault', peer: 1, fault: 'signature' });
  await devnet.produce(2);
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(1);
  for (const peer of [0, 2]) await devnet.command({ do: 'stop', peer });
  await expect(page.getByTestId('phase')).not.toHaveAttribute('data-phase', 'established');
  await expect(page.locator('[data-testid=peer][data-state=down]')).toHaveCount(2);
  await picture(page, 'trouble');
});

test.describe('from the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('offline, light and dark', async ({ startDevnet, context }) => {
    const deploy = new Deploy();
    const devnet = await startDevnet('--seed', 'offline', '--epochs', '2');
    await devnet.produce(10);
    const url = appUrl({ url: await deploy.start(), files: {} }, devnet);
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 1000 });
    await page.goto(url);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await untilEstablished(page);
    await live(devnet, page);
    await page.goto('about:blank');
    const { head } = devnet;
    await devnet.stop();
    await deploy.end();
    await page.goto(url);
    await untilHead(page, head);
    await expect(page.getByTestId('phase')).toHaveText('Not connected');
    await picture(page, 'offline');
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'offline-dark');
  });
});

/** Reads an entry of a map of Stacks, an account, a transaction and an inventory, and takes a picture of each panel. */
async function readState(page: Page, net: ChainNet, url: string): Promise<void> {
  const { contract, accounts, transactions } = await net.command<{ readonly contract: string; readonly accounts: readonly { readonly address: string }[]; readonly transactions: readonly { readonly txid: string }[] }>({ do: 'info' });
  await net.command({ do: 'setNote', key: 3, text: 'petrels follow ships' });
  await page.goto(url);
  await untilEstablished(page);
  const reader = page.getByTestId('state-reader');
  const panel = (name: string) => picture(reader, `stacks-${name}`);
  await reader.getByRole('combobox').selectOption({ label: 'Map entry' });
  for (const [at, text] of [contract, 'notes', '{ id: u3 }'].entries()) await reader.getByRole('searchbox').nth(at).fill(text);
  await expect(async () => {
    await reader.getByRole('button', { name: 'Read', exact: true }).click();
    await expect(page.getByTestId('state-value')).toContainText('petrels', { timeout: 1500 });
  }).toPass();
  await panel('map-entry');
  await reader.getByRole('combobox').selectOption({ label: 'Account' });
  await reader.getByRole('searchbox').fill(accounts[0]!.address);
  await reader.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(page.getByTestId('unlocked')).toBeVisible();
  await panel('account');
  await page.getByRole('searchbox', { name: 'Transaction id' }).fill(transactions.at(-1)!.txid);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByTestId('inventory-fold').getByRole('button', { name: 'Show' }).click();
  await expect(page.getByTestId('derived')).toBeVisible();
  await expect(page.getByTestId('transaction')).toContainText('It is in block');
  await page.screenshot({ path: join(pictureFolder, 'stacks-readers.png'), animations: 'disabled', fullPage: true });
}

for (const { chain, name, history, proof } of [
  { chain: 'hotstuff2', name: 'HotStuff-2', history: ['--history', '400'], proof: 'value' },
  { chain: 'moloch', name: 'Moloch', history: ['--blocks', '400'], proof: 'receipt' },
  { chain: 'stacks', name: 'Stacks', history: ['--gateways', '3', '--cycles', '4'], proof: 'state' },
] as const) {
  test(`${name}: home, sync, a block, a proof and the networks`, async ({ startChain, page }) => {
    const { net, url } = await startChain(chain, '--seed', 'picture', ...history, '--block-time', '700');
    const own = (part: string) => picture(page, `${chain}-${part}`);
    await page.setViewportSize({ width: 1280, height: 1000 });
    await page.goto(url);
    await untilEstablished(page);
    const first = net.head.height;
    await expect.poll(() => page.evaluate(async () => (await petrel!.getHead()).final.height)).toBeGreaterThan(first + 24);
    await own('light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await own('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1920, height: 1200 });
    await own('wide');
    await page.setViewportSize({ width: 1280, height: 1000 });
    await page.getByTestId('sync-fold').locator('summary').click();
    await expect(page.locator('.plot canvas')).toHaveCount(3);
    await picture(page.getByTestId('sync-fold'), `${chain}-sync`);
    await page.getByRole('button', { name: /Network/u }).click();
    await expect(page.getByRole('group', { name })).toBeVisible();
    await own('networks');
    await page.keyboard.press('Escape');

    const height = await page.evaluate(async () => (await petrel!.getHead()).final.height - 3);
    await page.goto(`${url}#/block/${height}`);
    await expect(page.getByTestId('block')).toHaveAttribute('data-state', 'found');
    if (proof === 'receipt') await expect(page.getByTestId('event').first()).toBeVisible();
    await own('block');
    if (proof === 'value') {
      await net.command({ do: 'put', key: 'colour', value: 'petrol' });
      await page.goto(url);
      await untilEstablished(page);
      await expect(async () => {
        await page.getByRole('searchbox', { name: 'Key' }).fill('colour');
        await page.getByRole('button', { name: 'Read', exact: true }).click();
        await expect(page.getByTestId('value')).toContainText('petrol', { timeout: 500 });
      }).toPass();
    }
    if (proof === 'state') await readState(page, net, url);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Save a proof/u }).first().click();
    await saving;
    await page.getByRole('button', { name: 'Open it here' }).click();
    await expect(page.getByTestId('proof-verdict')).toHaveAttribute('data-tone', 'good');
    await own('proof');

    await page.setViewportSize({ width: 320, height: 1000 });
    await page.goto(url);
    await page.reload();
    await untilEstablished(page);
    await own('narrow');
  });
}
