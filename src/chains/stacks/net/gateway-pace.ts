// Tests: `src/chains/stacks/net/gateway-session.test.ts`.
import type { Attention } from '../../../engine/live/attention.ts';

/** Milliseconds between two polls of a gateway: while some page is looked at, and else. A block comes every few seconds; public gateways count requests. Issue J, 2. */
const POLL = { looked: 1_000, hidden: 30_000 } as const;

/**
 * Requests a minute to a gateway that counts them, polls and all else, at which the pace settles. The public gateway allows 50 without a key (docs.hiro.so, rate
 * limits); new blocks come in bursts, so that single minutes have up to 45. `polls`: at least so many of them are left for polls, whatever else is asked.
 */
const COUNTED = { requests: 42, polls: 2 } as const;

/** Milliseconds between two polls of a gateway. */
export function pollPace({ mode, saveData }: Attention): number {
  return mode === 'full' && !saveData ? POLL.looked : POLL.hidden;
}

/**
 * Milliseconds between two polls at least, so that the requests of a minute stay within what gateways allow; 0 for one that is not known to count. `requests`: of
 * the last minute; `polls`: those of them that were polls.
 */
export function countedPace({ isCounted, requests, polls }: { readonly isCounted: boolean; readonly requests: number; readonly polls: number }): number {
  if (!isCounted) return 0;
  return 60_000 / Math.max(COUNTED.polls, COUNTED.requests - Math.max(0, requests - polls));
}
