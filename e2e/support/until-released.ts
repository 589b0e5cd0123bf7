import type { Page } from '@playwright/test';

/**
 * Waits until no hub owns the database any more: everything is written then, and nobody writes. The page is one of the same origin without a client.
 * `database` is its name, `petrel/` and eight digits of the genesis hash.
 */
export async function untilReleased(page: Page, database: string): Promise<void> {
  await page.evaluate((owner) => navigator.locks.request(owner, () => undefined), `${database}/owner`);
}
