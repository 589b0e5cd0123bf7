// Tests: `src/chains/stacks/net/gateway-session.test.ts`.
import type { Attention } from '../../../engine/live/attention.ts';

/** Milliseconds between two polls of a gateway: while some page is looked at, and else. A block comes every few seconds; public gateways count requests. Issue J, 2. */
const POLL = { looked: 1_000, hidden: 30_000 } as const;

/** Milliseconds between two polls of a gateway. */
export function pollPace({ mode, saveData }: Attention): number {
  return mode === 'full' && !saveData ? POLL.looked : POLL.hidden;
}
