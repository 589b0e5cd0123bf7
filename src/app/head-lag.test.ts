import { expect, it } from 'vitest';
import { Emitter } from '../base/emitter.ts';
import type { ClientEvents, HeadEvent, HeadView, Phase, Status } from '../client/types.ts';
import { watchHeadLag } from './head-lag.ts';

/** Blocks of one second each, seen at `now`. */
function setUp() {
  const events = new Emitter<ClientEvents>();
  const device = { now: 1_000_000 };
  const lags: number[] = [];
  const stop = watchHeadLag({ on: (name, listener) => events.on(name, listener) }, () => device.now, (lag) => lags.push(lag));
  const head = (age: number, blocks = 1) => {
    const latest = { height: 300, timestamp: device.now - age } as HeadView;
    events.emit('head', { head: { known: true, latest, final: latest }, adopted: Array.from({ length: blocks }, () => latest), reverted: [] } satisfies HeadEvent);
  };
  const phase = (is: Phase) => events.emit('status', { phase: is } as Status);
  return { lags, head, phase, stop, turn: () => Promise.resolve() };
}

it('issue 12: counts only from the moment at which the client is established', async () => {
  const { lags, head, phase, turn } = setUp();
  phase('live-sync');
  head(60_000, 0);
  // Caught up block by block.
  head(50_000);
  head(40_000);
  // One bundle of events: the status comes first, then the head that made it true.
  phase('established');
  head(30_000);
  await turn();
  expect(lags).toEqual([]);
  head(700);
  head(900);
  expect(lags).toEqual([700, 900]);
});

it('issue 12: counts no block that is caught up on after a pause', async () => {
  const { lags, head, phase, turn, stop } = setUp();
  head(0, 0);
  phase('established');
  await turn();
  head(500);
  phase('live-sync');
  head(90_000);
  phase('established');
  await turn();
  head(-100);
  head(5_000, 3);
  expect(lags).toEqual([500, 0]);
  stop();
  head(1);
  expect(lags).toHaveLength(2);
});
