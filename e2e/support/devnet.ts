import type { DevnetEvent, EventOf } from '../../devnet/events.ts';
import { NetworkProcess } from './network-process.ts';

/** The local network of Albatross in a separate process, controlled by commands. `events` has what it saw. */
export class DevnetProcess {
  readonly #process: NetworkProcess<DevnetEvent>;

  private constructor(args: readonly string[]) {
    this.#process = new NetworkProcess(process.env['PETREL_DEVNET'], 'devnet/main.ts', args);
  }

  get events(): readonly DevnetEvent[] {
    return this.#process.events;
  }

  static async start(...args: string[]): Promise<DevnetProcess> {
    const devnet = new DevnetProcess(['--port', '0', '--block-time', '0', '--patience', '30', ...args]);
    await devnet.waitFor('started', () => true);
    return devnet;
  }

  get started(): EventOf<'started'> {
    return this.events.find((event) => event.event === 'started')!;
  }

  get seeds(): string {
    return this.started.peers.map((peer) => peer.address).join(',');
  }

  /** Height and hash of the newest block. */
  get head(): { readonly height: number; readonly hash: string } {
    return this.events.findLast((event) => event.event === 'block') ?? this.started.head;
  }

  /** The number of events so far, as a mark for later queries. */
  mark(): number {
    return this.events.length;
  }

  since<Name extends DevnetEvent['event']>(mark: number, name: Name): EventOf<Name>[] {
    return this.events.slice(mark).filter((event): event is EventOf<Name> => event.event === name);
  }

  /** Sends a command and resolves with its answer. Rejects if the answer is an error. */
  async command(command: Readonly<Record<string, unknown>>): Promise<EventOf<'done'>> {
    return (await this.#process.command(command)) as EventOf<'done'>;
  }

  /** `SIGSTOP` stops all nodes: messages to them wait, and no connection is refused. `SIGCONT`: they go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.signal(name);
  }

  produce(n: number): Promise<unknown> {
    return this.command({ do: 'produce', n });
  }

  /** Resolves with the first matching event from `mark` on. Rejects when the process ends. */
  async waitFor<Name extends DevnetEvent['event']>(name: Name | undefined, fits: (event: EventOf<Name>) => boolean, mark = 0): Promise<EventOf<Name>> {
    return (await this.#process.until((event) => (name === undefined || event.event === name) && fits(event as EventOf<Name>), mark)) as EventOf<Name>;
  }

  /** Resolves when a node holds this transaction of a client, so that the next block can have it. */
  async untilTaken(hash: string | null): Promise<void> {
    await this.waitFor('transaction', (event) => event.hash === hash && event.outcome === 'accepted');
  }

  /** Resolves when no client is connected any more. */
  async untilAlone(): Promise<void> {
    const count = (name: 'connection-open' | 'connection-close') => this.since(0, name).length;
    while (count('connection-open') > count('connection-close')) await this.#process.next();
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}
