import type { Page } from '@playwright/test';

/**
 * Waits until no hub owns the database any more. Then everything is written, and no hub writes. The page is on the same origin and
 * has no client. `database` is the name: `petrel/` and eight digits of the genesis hash.
 */
export async function untilReleased(page: Page, database: string): Promise<void> {
  await page.evaluate((owner) => navigator.locks.request(owner, () => undefined), `${database}/owner`);
}
