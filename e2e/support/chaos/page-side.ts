import type { Page } from '@playwright/test';

/**
 * The questions to a page of the chaos test; each function runs in the page. The answer is undefined if the page has not loaded yet
 * or is gone.
 */

interface Calls {
  made: number;
  settled: number;
  /** Results of calls that failed without an error code. */
  uncoded: string[];
}

type Scope = typeof globalThis & { chaosCalls?: Calls };

export interface TabState {
  readonly phase: string;
  readonly reason: string | undefined;
  readonly host: { readonly kind: string; readonly build: string; readonly tabs: number; readonly fencing: number };
  readonly hash: string | undefined;
  readonly pending: number;
  readonly uncoded: readonly string[];
}

/** Makes four calls, without waiting for them. */
export async function call(page: Page): Promise<void> {
  await page
    .evaluate(() => {
      const scope = globalThis as Scope;
      const calls = (scope.chaosCalls ??= { made: 0, settled: 0, uncoded: [] });
      const client = scope.petrel;
      if (!client) return;
      for (const make of [() => client.getHead(), () => client.getPeers(), () => client.getBlock(1), () => client.getTrust()]) {
        calls.made += 1;
        make()
          .catch((error: { code?: unknown }) => {
            if (typeof error.code !== 'string') calls.uncoded.push(String(error));
          })
          .finally(() => (calls.settled += 1));
      }
    })
    .catch(() => undefined);
}

export function stateOf(page: Page): Promise<TabState | undefined> {
  const state = page.evaluate(async () => {
    const scope = globalThis as Scope;
    const client = scope.petrel;
    if (!client) return undefined;
    const status = await client.getStatus({ timeout: 2_000 });
    // A client that waits for another owner has no head.
    const head = status.phase === 'waiting' ? undefined : await client.getHead({ timeout: 2_000 });
    const { made = 0, settled = 0, uncoded = [] } = scope.chaosCalls ?? {};
    return { phase: status.phase, reason: status.reason?.code, host: status.host, hash: head?.latest.hash, pending: made - settled, uncoded };
  });
  return state.catch(() => undefined);
}

/** Whether the page has the seat of its build. */
export function hasSeat(page: Page): Promise<boolean> {
  const has = page.evaluate(() =>
    navigator.locks.request(crypto.randomUUID(), async (mine) => {
      const { held = [] } = await navigator.locks.query();
      const me = held.find(({ name }) => name === mine!.name)?.clientId;
      return held.some(({ name, clientId }) => name!.endsWith('/seat') && clientId === me);
    }),
  );
  return has.catch(() => false);
}

/** The row `meta/journal` as text; undefined while it does not exist. */
export function journal(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const name = (await indexedDB.databases()).find((database) => database.name?.startsWith('petrel/'))?.name;
    if (name === undefined) return undefined;
    return new Promise<string | undefined>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.addEventListener('error', () => reject(new Error('the database cannot be opened')));
      opening.addEventListener('success', () => {
        const database = opening.result;
        const reading = database.transaction('meta').objectStore('meta').get('journal');
        reading.addEventListener('error', () => reject(new Error('the journal cannot be read')));
        reading.addEventListener('success', () => {
          database.close();
          resolve(reading.result && new TextDecoder().decode(reading.result as Uint8Array));
        });
      });
    });
  });
}
