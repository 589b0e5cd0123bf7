import type { BrowserContext, Page } from '@playwright/test';
import type { TrustRecord } from '../../src/bridge/contract.ts';

interface ToldTrust {
  /** Milliseconds since the page was opened. */
  readonly at: number;
  readonly trust: TrustRecord;
}

interface ToldHead {
  readonly at: number;
  readonly hash: string;
  readonly trust: string;
}

/** From now on, each page of this browser records everything that its client reports about heads and trust, from the start. */
export async function keepTold(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const trusts: unknown[] = [];
    const heads: unknown[] = [];
    Object.assign(globalThis, { trusts, heads });
    let client: typeof globalThis.petrel;
    Object.defineProperty(globalThis, 'petrel', {
      configurable: true,
      get: () => client,
      set: (value: typeof globalThis.petrel) => {
        client = value;
        value?.on('trust', (trust) => trusts.push({ at: performance.now(), trust }));
        value?.on('head', ({ head: { latest } }) => heads.push({ at: performance.now(), hash: latest.hash, trust: latest.trust }));
      },
    });
  });
}

export const trustsOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { trusts: ToldTrust[] }).trusts);
export const headsOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { heads: ToldHead[] }).heads);
