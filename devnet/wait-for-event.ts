import type { Emitter } from '../src/base/emitter.ts';
import type { DevnetEvent, EventOf } from './events.ts';

/**
 * Resolves with the first matching event of a name, in `log` from index `from` on or in the future. Rejects after `timeout`
 * milliseconds.
 */
export function waitForEvent<Name extends DevnetEvent['event']>(
  log: readonly DevnetEvent[],
  events: Emitter<{ event: DevnetEvent }>,
  name: Name,
  fits: (event: EventOf<Name>) => boolean,
  from: number,
  timeout: number,
): Promise<EventOf<Name>> {
  const matches = (event: DevnetEvent): event is EventOf<Name> => event.event === name && fits(event as EventOf<Name>);
  const seen = log.slice(from).find(matches);
  if (seen) return Promise.resolve(seen);
  return new Promise((resolve, reject) => {
    const off = events.on('event', (event) => {
      if (!matches(event)) return;
      clearTimeout(timer);
      off();
      resolve(event);
    });
    const timer = setTimeout(() => {
      off();
      reject(new Error(`no event '${name}' within ${timeout} ms`));
    }, timeout);
  });
}
