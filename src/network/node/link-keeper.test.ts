import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { CLOSING_GRACE, LinkKeeper, type LinkKeeperOptions } from './link-keeper.ts';
import type { Link } from './links.ts';

/** A connection whose streams have closed, as a ping under way finds out. */
function closing(closingGrace: number | undefined) {
  const clock = new ManualClock();
  const link = { peer: 'peer', session: { close: () => undefined }, connection: { abort: () => undefined } } as unknown as Link;
  const links = { get: () => link, remove: () => undefined, of: () => [] };
  const nothing = { emit: () => undefined, log: () => undefined, closed: () => undefined };
  const keeper = new LinkKeeper({ clock, closingGrace, links, events: nothing, log: nothing.log, closed: nothing.closed } as unknown as LinkKeeperOptions);
  keeper.closeSoon(link, 'no-ping');
  return { clock, link, keeper };
}

it.each([undefined, 30 * CLOSING_GRACE])('a connection whose streams have closed is ended with a code after the grace, and not before (grace %s)', (grace) => {
  const { clock, link } = closing(grace);
  clock.advance((grace ?? CLOSING_GRACE) - 1);
  expect(link.closeCode).toBeUndefined();
  clock.advance(1);
  expect(link.closeCode).toBe('no-ping');
});

it('one that the other side closes within the grace is no fault of its', () => {
  const { clock, link, keeper } = closing(30 * CLOSING_GRACE);
  clock.advance(30 * CLOSING_GRACE - 1);
  keeper.gone(link.connection);
  clock.advance(CLOSING_GRACE);
  expect([link.closeCode, clock.waiting]).toEqual(['remote-closed', 0]);
});
