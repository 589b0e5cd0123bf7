import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/emitter.ts';
import { ClientLog } from '../client-log.ts';
import type { ChainClientEvents, Notice } from '../view.ts';

/** Notices kept before `started`; more are not shown but logged. */
const MAX_EARLY = 32;

/**
 * The log and the events of a client. A listener's error must not reach the chain, so it is dropped: the log is itself one of the events.
 * Nobody can listen before the client is there; notices from before are told right after `started`.
 */
export function followLog(clock: Clock, entries: number): { readonly log: ClientLog; readonly events: Emitter<ChainClientEvents>; started(): void } {
  const events = new Emitter<ChainClientEvents>(() => undefined);
  const early: Notice[] = [];
  let tell = (notice: Notice): void => {
    if (early.length < MAX_EARLY) early.push(notice);
  };
  const log = new ClientLog(clock, entries, (entry) => events.emit('log', entry), (notice) => tell(notice));
  const started = () => {
    tell = (notice) => events.emit('notice', notice);
    clock.after(0, () => {
      for (const notice of early.splice(0)) tell(notice);
    });
  };
  return { log, events, started };
}
