import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** Reads what the page shows, by test id. All waits are for states, never for times. */

export async function untilEstablished(page: Page): Promise<void> {
  await expect(page.getByTestId('phase')).toHaveAttribute('data-phase', 'established');
}

/** Waits until the page shows the block as its newest. */
export async function untilHead(page: Page, head: { readonly hash: string }): Promise<void> {
  await expect(page.getByTestId('head')).toHaveAttribute('data-hash', head.hash);
}

export async function untilFinal(page: Page, head: { readonly hash: string }): Promise<void> {
  await expect(page.getByTestId('final')).toHaveAttribute('data-hash', head.hash);
}

export async function untilNotice(page: Page, code: string): Promise<void> {
  await expect(page.locator(`[data-testid=notice][data-code="${code}"]`)).toBeVisible();
}
