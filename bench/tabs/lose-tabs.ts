import { setTimeout as wait } from 'node:timers/promises';
import type { BrowserTab } from '../browser-tab.ts';
import { withTimeout } from '../with-timeout.ts';

/** Milliseconds for a lost tab to be noticed before the bench gives up. */
const NOTICE_TIMEOUT = 30_000;

/** Milliseconds of rest before each loss. */
const REST = 500;

export interface LostTab {
  /** Closed as by its button, or its process dead at once. */
  readonly how: 'closed' | 'crashed';
  /** Milliseconds from the command to the hub's log entry `tab-left`, both by the wall clock of this machine. */
  readonly noticed: number;
}

/** Loses all tabs of Petrel but the first, the last one first, closed and crashed in turns. */
export async function loseTabs(tabs: readonly BrowserTab[]): Promise<readonly LostTab[]> {
  const [witness, ...others] = tabs;
  if (!witness) return [];
  await witness.evaluate("bench.left = []; petrel.on('log', ({ code, time }) => { if (code === 'tab-left') bench.left.push(time); }); undefined");
  const lost: LostTab[] = [];
  for (const [i, tab] of others.toReversed().entries()) {
    await wait(REST);
    const how = i % 2 === 0 ? 'closed' : 'crashed';
    const begun = Date.now();
    if (how === 'closed') await tab.close();
    else tab.crash();
    const times = `new Promise((resolve) => { const look = () => (bench.left.length > ${i} ? resolve(bench.left) : setTimeout(look, 50)); look(); })`;
    const left = await withTimeout(witness.evaluate<number[]>(times), NOTICE_TIMEOUT, `a tab that was ${how} was not noticed`);
    // A process that held several tabs would take all of them along.
    if (left.length !== i + 1) throw new Error(`${left.length} tabs have left where ${i + 1} were lost`);
    lost.push({ how, noticed: left[i]! - begun });
  }
  return lost;
}
