import { readKnock, type DoorOpen } from '../bridge/door-messages.ts';
import { NamedPort, type OpenChannel } from '../bridge/named-port.ts';
import type { Port } from '../bridge/port.ts';

/** Knocks remembered, so that one that is repeated is answered once: two for each tab there may be. */
const MAX_KNOCKS = 512;

export interface DoorOptions {
  readonly channel: OpenChannel;
  /** The door's name. */
  readonly name: string;
  /** The name under which this hub's worker was started. */
  readonly worker: string;
  readonly accept: (port: Port) => void;
}

/** Where the tabs reach an elected tab's hub: each knocks with the name of a port. */
export function openDoor({ channel, name, worker, accept }: DoorOptions): void {
  const answered = new Set<string>();
  const door = channel(name);
  door.addEventListener('message', ({ data }) => {
    const knock = readKnock(data);
    if (!knock || knock.to !== worker || answered.has(knock.port)) return;
    answered.add(knock.port);
    const [oldest] = answered;
    if (answered.size > MAX_KNOCKS) answered.delete(oldest!);
    accept(new NamedPort(channel, knock.port, 'far'));
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none: it is of one origin
  door.postMessage({ kind: 'door-open' } satisfies DoorOpen);
}
