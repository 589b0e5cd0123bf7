import type { ClientEvents } from '../contract.ts';
import { isEventBundle, type EventName, type EventRequest } from './event-messages.ts';
import { listen, type Port } from '../ports/port.ts';

/** Receives the events of one page from its port. */
export interface EventInlet {
  /** Sets the events that are listened to; replaces the earlier list. */
  subscribe(names: readonly EventName[]): void;
  close(): void;
}

/**
 * Unpacks what an `EventOutlet` sends, and acknowledges each bundle once `onEvent` has handled all of it. A page that is busy or frozen
 * acknowledges nothing, and the hub merges events meanwhile.
 * @param onDropped called with the numbers of notices and log entries that this page was too slow for.
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
