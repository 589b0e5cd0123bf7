import type { Page } from '@playwright/test';
import type { DevnetProcess } from './devnet.ts';
import { appUrl, expect } from './fixtures.ts';
import type { Site } from './servers.ts';

/** The wallet page, as a person uses it. All waits are for states, never for times. */

export const PASSWORD = 'seven herons over the harbour';

export const walletUrl = (site: Site, devnet: DevnetProcess): string => appUrl(site, devnet).replace('?', 'wallet?');

/** Makes an account with new words, up to the list of words. Returns them. */
export async function makeAccount(page: Page, password = PASSWORD): Promise<readonly string[]> {
  await page.getByRole('button', { name: 'New account' }).click();
  await page.getByLabel('New password for this account', { exact: true }).fill(password);
  await page.getByLabel('Repeat the password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByRole('heading', { name: 'Write down these 24 words' })).toBeFocused();
  return page.getByTestId('words').locator('.word').allTextContents();
}

/** Enters the three words that the page asks for. */
export async function checkWords(page: Page, words: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'I have written them down' }).click();
  for (const field of await page.getByLabel(/^Word \d+$/u).all()) {
    const number = Number(/\d+/u.exec((await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent)) ?? '')?.[0]);
    await field.fill(words[number - 1]!);
  }
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByTestId('total')).toBeVisible();
}

/** An account that is backed up later; returns its address. */
export async function openAccount(page: Page): Promise<string> {
  await makeAccount(page);
  await page.getByRole('button', { name: 'Later' }).click();
  return (await page.getByTestId('address-card').first().getAttribute('data-address'))!;
}

export const untilTotal = (page: Page, luna: number) => expect(page.getByTestId('total')).toHaveAttribute('data-luna', String(luna));

/** One more block at a time, once all pages follow the one before: a node that is more than two blocks behind is not believed. */
export async function follow(pages: readonly Page[], devnet: DevnetProcess, blocks: number): Promise<void> {
  for (let i = 0; i < blocks; i++) {
    await devnet.produce(1);
    const { hash } = devnet.head;
    for (const page of pages) await expect.poll(() => page.evaluate(async () => (await petrel!.getHead()).latest.hash)).toBe(hash);
  }
}

/** Pays from a funded account of the local network, once a peer will tell the page of it, and makes the block. */
export async function fund(page: Page, devnet: DevnetProcess, address: string, value: number): Promise<void> {
  await devnet.waitFor('request', ({ kind }) => kind === 'subscribe');
  await devnet.command({ do: 'send', from: 0, to: address, value, fee: 200 });
  await follow([page], devnet, 1);
  await untilTotal(page, value);
}
