import { setTimeout as wait } from 'node:timers/promises';
import type { BrowserTab } from '../browser-tab.ts';
import { withTimeout } from '../with-timeout.ts';

/** Milliseconds that the bench waits for the hub to notice a lost tab. */
const NOTICE_TIMEOUT = 30_000;

/** Milliseconds of pause before each loss. */
const REST = 500;

export interface LostTab {
  /** `closed`: by the close button. `crashed`: the tab's process was killed. */
  readonly how: 'closed' | 'crashed';
  /** Milliseconds from the command to the hub's log entry `tab-left`; both times are from this machine's wall clock. */
  readonly noticed: number;
}

/** Loses all tabs of Petrel except the first, last tab first, alternately by closing and by crashing. */
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
    // Fails if one process held several tabs and its crash took all of them.
    if (left.length !== i + 1) throw new Error(`${left.length} tabs have left where ${i + 1} were lost`);
    lost.push({ how, noticed: left[i]! - begun });
  }
  return lost;
}
