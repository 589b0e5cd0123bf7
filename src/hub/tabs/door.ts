import { readKnock, type DoorOpen } from '../../bridge/life/door-messages.ts';
import { NamedPort, type OpenChannel } from '../../bridge/ports/named-port.ts';
import type { Port } from '../../bridge/ports/port.ts';

/** Number of knocks remembered, so that a repeated knock is answered once: two for each possible tab. */
const MAX_KNOCKS = 512;

export interface DoorOptions {
  readonly channel: OpenChannel;
  /** The name of the door's channel. */
  readonly name: string;
  /** The name under which this hub's worker was started. */
  readonly worker: string;
  readonly accept: (port: Port) => void;
}

/** Lets tabs reach the hub of an elected tab: each tab knocks with the name of a port. */
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
