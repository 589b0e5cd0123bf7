import { readDoorOpen, type Knock } from '../bridge/life/door-messages.ts';
import type { Locks } from '../bridge/life/liveness-lock.ts';
import { NamedPort, type OpenChannel } from '../bridge/ports/named-port.ts';
import type { Names } from '../bridge/life/names.ts';
import type { Clock } from '../base/clock.ts';
import type { Host, HostKind } from './host.ts';
import { newestGeneration } from './replace-hub.ts';
import type { Seat } from './seat.ts';

/** Milliseconds between two knocks. A hub announces itself when it starts; the repetition covers lost messages. */
const KNOCK_INTERVAL = 1_000;

export interface ElectedHostOptions {
  readonly seat: Seat;
  /** The names of the elected tier. */
  readonly names: Names;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly channel: OpenChannel;
}

/** The hub in the worker of the elected tab. That may be this tab; it is reached in the same way. */
export function electedHost(options: ElectedHostOptions): HostKind {
  return { names: options.names, start: () => knock(options), seize: (least) => options.seat.seize(least) };
}

function knock({ seat, names, locks, clock, channel }: ElectedHostOptions): Host {
  const { failed } = seat;
  seat.stand();
  const port = new NamedPort(channel, crypto.randomUUID(), 'near');
  const door = channel(names.door);
  let cancel = () => {};
  let over = false;
  const again = async () => {
    cancel();
    const to = names.worker(await newestGeneration({ names, locks }));
    if (over) return;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none: it is of one origin
    door.postMessage({ kind: 'knock', to, port: port.name } satisfies Knock);
    cancel();
    cancel = clock.after(KNOCK_INTERVAL, knockAgain);
  };
  const knockAgain = () => void again().catch(() => undefined);
  const end = () => {
    if (over) return;
    over = true;
    cancel();
    door.close();
  };
  door.addEventListener('message', ({ data }) => {
    if (readDoorOpen(data)) knockAgain();
  });
  void port.opened.then(end);
  knockAgain();
  return {
    port,
    dedicated: false,
    failed,
    release() {
      end();
      port.close();
    },
  };
}
