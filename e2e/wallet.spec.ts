import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { untilEstablished } from './support/app.ts';
import { expect, test } from './support/fixtures.ts';
import { serious } from './support/serious.ts';
import { checkWords, follow, fund, makeAccount, openAccount, PASSWORD, untilTotal, walletUrl } from './support/wallet.ts';

const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';

/** No finding of axe, and no scrolling sideways, in both colour schemes, narrow and wide. */
async function looksRight(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await serious(page), `${what}, ${colorScheme}, ${width} px`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${what}, ${width} px`).toBeLessThanOrEqual(width);
    }
  }
}

test('a new account: words written and checked, money received and proven, all there after a reload and without peers', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'wallet');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(walletUrl(site, devnet));
  await looksRight(page, 'first visit');
  const words = await makeAccount(page);
  expect(words).toHaveLength(24);
  await looksRight(page, 'words');
  const cell = page.getByTestId('words').locator('li').first();
  await cell.locator('.word').evaluate((word) => void (word.textContent = 'mushroom'));
  for (const width of [320, 360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await cell.evaluate((box) => box.scrollWidth - box.clientWidth), `the widest word, ${width} px`).toBe(0);
  }
  await page.getByRole('button', { name: 'I have written them down' }).click();
  await page.getByLabel(/^Word \d+$/u).first().fill('wrong');
  await page.getByRole('button', { name: 'Show the words again' }).click();
  await checkWords(page, words);
  await expect(page.getByTestId('backup-reminder')).toHaveCount(0);

  const address = (await page.getByTestId('address-card').getAttribute('data-address'))!;
  await untilTotal(page, 0);
  await expect(page.getByTestId('no-transactions')).toBeVisible();
  // To the page of the chain and back, with the same network.
  await page.getByRole('link', { name: 'The chain' }).click();
  await untilEstablished(page);
  await page.getByRole('contentinfo').getByRole('link', { name: 'Wallet' }).click();
  await untilTotal(page, 0);
  await fund(page, devnet, address, 12_345_678);
  await expect(page.getByTestId('total')).toHaveText('123.45678 NIM');
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-kind', 'pending');
  await expect(page.getByTestId('transaction')).toHaveAttribute('data-state', 'included');
  await follow([page], devnet, 32);
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-kind', 'final');
  await expect(page.getByTestId('transaction')).toHaveAttribute('data-state', 'confirmed');
  await looksRight(page, 'overview');

  await page.reload();
  await untilTotal(page, 12_345_678);
  await expect(page.getByTestId('transaction')).toHaveAttribute('data-direction', 'in');
  await expect(page.getByTestId('address-card')).toHaveAttribute('data-address', address);

  await devnet.stop();
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-kind', 'kept');
  await page.reload();
  await untilTotal(page, 12_345_678);
  await expect(page.getByTestId('verdict')).toContainText('This is an old balance');
});

test('a payment from one browser to another: seen there at once, final in both', async ({ startDevnet, site, browser, context }) => {
  const devnet = await startDevnet('--seed', 'two wallets', '--peers', '4');
  await devnet.produce(2);
  const other = await browser.newContext({ serviceWorkers: 'block' });
  const [payer, payee] = [await context.newPage(), await other.newPage()];
  await payee.goto(walletUrl(site, devnet));
  const to = await openAccount(payee);
  await untilTotal(payee, 0);
  await payer.goto(walletUrl(site, devnet));
  await fund(payer, devnet, await openAccount(payer), 500_000);

  await payee.getByRole('link', { name: 'Receive' }).first().click();
  await payee.getByLabel('Amount in NIM').fill('1.5');
  await payee.getByLabel('Message').fill('Café');
  const link = (await payee.getByTestId('link').textContent())!;
  await expect(payee.getByTestId('qr')).toHaveAttribute('data-text', link);
  await looksRight(payee, 'receive');

  await payer.getByRole('link', { name: 'Send', exact: true }).first().click();
  const recipient = payer.getByLabel('Recipient’s address');
  await recipient.fill(to.replace(/.$/u, (last) => (last === '0' ? '1' : '0')));
  await expect(payer.getByText('The check digits do not fit')).toBeVisible();
  await expect(payer.getByTestId('recipient')).toHaveCount(0);
  await recipient.fill(link);
  await expect(payer.getByTestId('recipient').getByTestId('address')).toHaveText(to);
  await expect(payer.getByTestId('recipient').getByTestId('identicon')).toHaveAttribute('data-drawn', 'true');
  await expect(payer.getByTestId('never-paid')).toBeVisible();
  await expect(payer.getByLabel('Amount in NIM')).toHaveValue('1.50000');
  await payer.getByLabel('Amount in NIM').fill('5.00001');
  await expect(payer.getByText('That is more than the balance, less the fee.')).toBeVisible();
  await payer.getByRole('button', { name: 'All' }).click();
  await expect(payer.getByLabel('Amount in NIM')).toHaveValue('5.00000');
  await payer.getByLabel('Amount in NIM').fill('1.5');
  await looksRight(payer, 'send');
  await payer.getByRole('button', { name: 'Review' }).click();
  await looksRight(payer, 'review');

  await payer.getByLabel('Password of this account', { exact: true }).fill('not the password');
  await payer.getByRole('button', { name: 'Sign and send' }).click();
  await expect(payer.getByTestId('form-problem')).toHaveText('This is not the password.');
  await payer.getByLabel('Password of this account', { exact: true }).fill(PASSWORD);
  await payer.getByRole('button', { name: 'Sign and send' }).click();
  const payment = payer.getByTestId('payment');
  await expect(payment).toHaveAttribute('data-state', 'sent');
  await payer.reload();
  await expect(payment).toHaveAttribute('data-state', 'sent');

  await payee.getByRole('link', { name: 'Overview', exact: true }).click();
  await devnet.untilTaken(await payment.getAttribute('data-hash'));
  await follow([payer, payee], devnet, 1);
  await expect(payment).toHaveAttribute('data-state', 'included');
  await looksRight(payer, 'progress');
  await untilTotal(payee, 150_000);
  await expect(payee.getByTestId('transaction')).toContainText('Café');
  await expect(payee.getByTestId('transaction')).toHaveAttribute('data-state', 'included');
  await follow([payer, payee], devnet, 32);
  await expect(payment).toHaveAttribute('data-state', 'confirmed');
  await expect(payee.getByTestId('transaction')).toHaveAttribute('data-state', 'confirmed');
  await payer.getByRole('link', { name: 'Overview', exact: true }).click();
  await untilTotal(payer, 350_000);
  await other.close();
});

test('a payment with the keyboard alone', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'keyboard');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(walletUrl(site, devnet));
  await fund(page, devnet, await openAccount(page), 300_000);
  const { keyboard } = page;
  /** Presses Tab until what has the focus has this name. */
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 40; presses++) {
      await keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return element?.labels?.[0]?.textContent ?? element?.textContent ?? '';
      });
      if (name.test(focused)) return;
    }
    throw new Error(`Tab does not lead to ${name}`);
  };
  await tabTo(/^Send$/u);
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Send' })).toBeFocused();
  await tabTo(/^Recipient/u);
  await keyboard.type(NOBODY);
  await tabTo(/^Amount/u);
  await keyboard.type('0.00001');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Is this right?' })).toBeFocused();
  await tabTo(/^Password of this account$/u);
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'The payment' })).toBeFocused();
  const payment = page.getByTestId('payment');
  await expect(payment).toHaveAttribute('data-state', 'sent');
  await devnet.untilTaken(await payment.getAttribute('data-hash'));
  await follow([page], devnet, 1);
  await expect(payment).toHaveAttribute('data-state', 'included');
});

test('the history is searched and saved as CSV, with names from the address book', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'csv');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(walletUrl(site, devnet));
  const address = await openAccount(page);
  await fund(page, devnet, address, 300_000);
  await devnet.command({ do: 'send', from: 0, to: address, value: 7, fee: 200 });
  await follow([page], devnet, 1);
  await untilTotal(page, 300_007);
  const rows = page.getByTestId('transaction');
  await expect(rows).toHaveCount(2);
  await rows.first().locator('summary').click();
  const name = rows.first().getByLabel('Name for this address');
  await name.fill('=Bank, "main"');
  await name.press('Enter');
  await expect(rows.nth(1)).toContainText('=Bank');
  await looksRight(page, 'history');
  await page.getByRole('searchbox').fill('0.00007');
  await expect(rows).toHaveCount(1);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
  const [head, line, ...rest] = readFileSync(await file.path(), 'utf8').replace('\ufeff', '').split('\r\n');
  expect(head).toBe('time,kind,received NIM,sent NIM,fee NIM,other address,label,message,state,block,hash');
  expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,in,0\.00007,,,NQ[\dA-Z ]+,"'=Bank, ""main""",,can still change,\d+,[\da-f]{64}$/u);
  expect(rest).toEqual(['']);
});

test('settings: another name and address, the words again, a key file, and removal after a typed word', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'settings');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(walletUrl(site, devnet));
  const words = await makeAccount(page);
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByRole('link', { name: 'Back up now' }).click();
  await page.getByLabel('Password of this account', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Show the 24 words' }).click();
  await expect(page.getByTestId('words').locator('.word')).toHaveText([...words]);
  await checkWords(page, words);
  await expect(page.getByTestId('backup-reminder')).toHaveCount(0);

  await page.getByRole('link', { name: 'Settings' }).click();
  const account = page.getByTestId('account-settings');
  const part = (title: string) => account.locator('details', { has: page.locator('summary', { hasText: title }) });
  await account.locator('summary', { hasText: 'Name' }).click();
  await account.getByLabel('Name of the account').fill('Savings');
  await account.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(account.getByRole('heading', { name: 'Savings' })).toBeVisible();
  // The account is still open from showing the words.
  await account.locator('summary', { hasText: 'Add an address' }).click();
  await account.getByRole('button', { name: 'Add an address' }).click();
  await expect(account.getByTestId('address')).toHaveCount(2);
  // With the lock, the longest state of the network is still in the line of the name.
  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByTestId('phase').evaluate((phase) => void (phase.textContent = 'Not connected'));
  const [name, phase] = [await page.locator('.brand').boundingBox(), await page.getByTestId('phase').boundingBox()];
  expect(phase!.y).toBeLessThan(name!.y + name!.height);
  await page.getByRole('button', { name: 'Lock now' }).first().click();
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, hasPrf: true, automaticPresenceSimulation: true },
  });
  await account.locator('summary', { hasText: 'Also unlock with a passkey' }).click();
  await part('Also unlock with a passkey').getByLabel('Password of this account', { exact: true }).fill(PASSWORD);
  await account.getByRole('button', { name: 'Also unlock with a passkey' }).click();
  await account.getByRole('button', { name: 'Use the passkey' }).click();
  await expect(account.getByTestId('address')).toHaveCount(3);
  await page.getByRole('button', { name: 'Lock now' }).first().click();
  await expect(account.getByLabel('Password of this account', { exact: true })).toBeVisible();

  await account.locator('summary', { hasText: 'Save a key file' }).click();
  await account.getByLabel('Password of the key file', { exact: true }).fill('a long password of the file');
  await account.getByLabel('Repeat the password', { exact: true }).fill('a long password of the file');
  await part('Save a key file').getByLabel('Password of this account', { exact: true }).fill(PASSWORD);
  const [file] = await Promise.all([page.waitForEvent('download'), account.getByRole('button', { name: 'Save a key file' }).click()]);
  const text = readFileSync(await file.path(), 'utf8');
  await looksRight(page, 'settings');

  await account.locator('summary', { hasText: 'Remove this account' }).click();
  await expect(account.getByRole('button', { name: 'Remove for good' })).toBeDisabled();
  await account.getByLabel('Type “remove” to confirm').fill('remove');
  await account.getByRole('button', { name: 'Remove for good' }).click();

  await page.getByRole('button', { name: 'Import a key' }).click();
  await expect(page.getByLabel('Password of the key file', { exact: true })).toHaveCount(0);
  await page.getByLabel('Key file', { exact: true }).setInputFiles({ name: 'key.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await expect(page.getByLabel('Or paste it')).toHaveValue(text);
  await page.getByLabel('Password of the key file', { exact: true }).fill('a long password of the file');
  await page.getByLabel('New password for this account', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Repeat the password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByTestId('address-card')).toHaveCount(1);
  await expect(page.getByTestId('backup-reminder')).toHaveCount(0);
});
