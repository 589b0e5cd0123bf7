import type { BrowserTab } from './browser-tab.ts';
import { withTimeout } from './with-timeout.ts';

/** Milliseconds. After a failed dial, clients wait up to 15 s for their next try. */
const CONSENSUS_TIMEOUT = 90_000;

/**
 * Returns the milliseconds from the navigation to consensus, as `pages/observe.js` defines it. Rejects with what the page observed
 * instead.
 */
export async function awaitConsensus(tab: BrowserTab, url: string): Promise<number> {
  try {
    return await withTimeout(tab.evaluate<number>('bench.consensus'), CONSENSUS_TIMEOUT, `${url}: no consensus`);
  } catch (error) {
    const marks = await tab.evaluate('({ ...bench.marks, refused: bench.refused, errors: bench.errors, text: document.body.innerText.slice(0, 300) })').catch(() => undefined);
    throw new Error(`${(error as Error).message}; the page saw ${JSON.stringify(marks)}`, { cause: error });
  }
}
