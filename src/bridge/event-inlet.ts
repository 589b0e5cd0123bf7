import type { ClientEvents } from './contract.ts';
import { isEventBundle, type EventName, type EventRequest } from './event-messages.ts';
import { listen, type Port } from './port.ts';

/** The events of one page, from its port. */
export interface EventInlet {
  /** Says what is listened to; it replaces what was said before. */
  subscribe(names: readonly EventName[]): void;
  close(): void;
}

/**
 * Takes apart what an `EventOutlet` sends and acknowledges each bundle once `onEvent` has seen all of it: a page that is busy or frozen
 * acknowledges nothing, and the hub merges meanwhile.
 * @param onDropped how many notices and log entries this page was too slow for.
 */
export function openEvents(
  port: Port,
  onEvent: <K extends EventName>(name: K, event: ClientEvents[K]) => void,
  onDropped: (dropped: { readonly notices: number; readonly log: number }) => void,
): EventInlet {
  const send = (request: EventRequest) => port.postMessage(request, []);
  const stop = listen(port, (data) => {
    if (!isEventBundle(data)) return;
    try {
      if (data.status) onEvent('status', data.status);
      if (data.trust) onEvent('trust', data.trust);
      if (data.head) onEvent('head', data.head);
      if (data.peers) onEvent('peers', data.peers);
      for (const notice of data.notices) onEvent('notice', notice);
      for (const entry of data.log) onEvent('log', entry);
      if (data.dropped.notices + data.dropped.log > 0) onDropped(data.dropped);
    } finally {
      send({ kind: 'ack', seq: data.seq });
    }
  });
  return {
    subscribe: (names) => send({ kind: 'subscribe', names }),
    close() {
      stop();
      port.close?.();
    },
  };
}
