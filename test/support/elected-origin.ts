import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import type { Notice, Status } from '../../src/bridge/contract.ts';
import { readSeatOrder } from '../../src/bridge/life/door-messages.ts';
import { FakeLocks } from './fake-locks.ts';
import { holdLock } from '../../src/bridge/life/liveness-lock.ts';
import type { OpenChannel } from '../../src/bridge/ports/named-port.ts';
import { doorOf, namesOf } from '../../src/bridge/life/names.ts';
import { pageClock } from '../../src/base/page-clock.ts';
import { systemRandom } from '../../src/base/system.ts';
import { assumedPresence } from '../../src/bridge/life/presence.ts';
import { Connection } from '../../src/client/connection.ts';
import { electedHost } from '../../src/client/elected-host.ts';
import { Seat } from '../../src/client/seat.ts';
import { openDoor } from '../../src/hub/tabs/door.ts';
import { chainsThat } from './fake-driver.ts';
import { FakeLightClient } from './fake-light-client.ts';
import { Hub } from '../../src/hub/hub.ts';
import { FakeChannel } from './fake-channel.ts';

export const names = namesOf(unitAlbatross, 'b1', 'elected');
const ends: (() => void)[] = [];

/** Closes the pages of a test. */
export function closePages(): void {
  ends.splice(0).forEach((end) => end());
}

/** The tabs of one origin, without SharedWorker. Each worker is an object in the page's thread, named after the page that started it. */
export class ElectedOrigin {
  readonly locks = new FakeLocks();
  readonly started: string[] = [];
  readonly clients: FakeLightClient[] = [];
  /** The faults of the next workers, which then do not serve. */
  readonly broken: ('does not load' | 'says nothing')[] = [];
  #grants = 0;
  readonly #channels = new Map<string, Set<FakeChannel>>();

  readonly open: OpenChannel = (name) => {
    if (!this.#channels.has(name)) this.#channels.set(name, new Set());
    return new FakeChannel(this.#channels.get(name)) as unknown as ReturnType<OpenChannel>;
  };

  worker(name: string): Worker {
    const id = `${name} of worker ${this.started.push(name)}`;
    const locks = this.locks.of(id);
    const worker = new EventTarget();
    const own: ReturnType<OpenChannel>[] = [];
    const open: OpenChannel = (channel) => {
      const opened = this.open(channel);
      own.push(opened);
      return opened;
    };
    const hub = new Hub({
      kind: 'elected-worker', build: 'b1', workerName: name, id, cores: 2, locks, clock: pageClock,
      channel: (channel) => open(channel) as never,
      runJob: function* () {
        yield;
        return { valid: true, decoded: [] };
      },
      random: systemRandom,
      chains: chainsThat(async () => {
        const client = new FakeLightClient();
        this.clients.push(client);
        return { client, fencing: ++this.#grants };
      }),
    });
    /** The worker receives and sends nothing any more. */
    const terminate = async () => {
      for (const channel of own) channel.close();
      const { held } = await this.locks.query();
      for (const { name: lock, clientId } of held) if (clientId === id) this.locks.kill(lock);
    };
    const broken = this.broken.shift();
    if (broken === 'does not load') queueMicrotask(() => worker.dispatchEvent(new Event('error')));
    else if (!broken) {
      void hub.appear().then((lock) => {
        openDoor({ channel: open, name: doorOf(name)!, worker: name, accept: (port) => hub.accept(port) });
        worker.dispatchEvent(Object.assign(new Event('message'), { data: { kind: 'serving', lock } }));
      });
    }
    return Object.assign(worker, {
      terminate: () => void terminate(),
      postMessage: (data: unknown) => {
        if (readSeatOrder(data)) void hub.close().then(terminate);
      },
    }) as unknown as Worker;
  }

  async page() {
    const tab = crypto.randomUUID();
    const locks = this.locks.of(tab);
    await holdLock(locks, names.tab(tab));
    const seat = new Seat({ names, locks, clock: pageClock, start: ({ name }) => this.worker(name) });
    const notices: Notice[] = [];
    const connection = new Connection({
      hosts: [electedHost({ seat, names, locks, clock: pageClock, channel: this.open })],
      onEvent: (name, event) => {
        if (name === 'notice') notices.push(event as Notice);
      },
      onDropped: () => {},
      session: { build: 'b1', tab, network: unitAlbatross, settings: {}, locks, clock: pageClock, presence: () => assumedPresence, startVerifier: { signatures: none, zkp: none } },
    });
    const page = {
      seat, notices, connection,
      status: () => connection.call('getStatus', []) as Promise<Status>,
      hasSeat: async () => (await this.locks.query()).held.some(({ name, clientId }) => name === names.seat && clientId === tab),
      close: async () => {
        await connection.close();
        await seat.leave();
      },
    };
    ends.push(() => void page.close());
    return page;
  }
}

function none(): Worker {
  throw new Error('none to lend');
}
