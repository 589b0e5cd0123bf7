import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { DevnetEvent, EventOf } from '../../devnet/events.ts';

const root = resolve(import.meta.dirname, '../..');

/** How Node starts a local network: the bundle of `bundle-devnet.ts` if there is one, else the sources. */
const program = () => (process.env['PETREL_DEVNET'] ? [process.env['PETREL_DEVNET']] : ['--import', 'tsx', join(root, 'devnet', 'main.ts')]);

/** A local network in a separate process, controlled by commands. `events` has what it saw. */
export class DevnetProcess {
  readonly events: DevnetEvent[] = [];
  readonly #child;
  readonly #listeners = new Set<() => void>();
  #nextId = 1;
  #exited = false;

  private constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, [...program(), ...args], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.on('exit', () => {
      this.#exited = true;
      this.#wake();
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.events.push(JSON.parse(line) as DevnetEvent);
      this.#wake();
    });
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
    const id = this.#nextId;
    this.#nextId += 1;
    this.#child.stdin.write(`${JSON.stringify({ ...command, id })}\n`);
    const answer = await this.waitFor(undefined, (event) => (event.event === 'done' || event.event === 'error') && event.id === id);
    if (answer.event === 'error') throw new Error(`${JSON.stringify(command)}: ${answer.message}`);
    return answer as EventOf<'done'>;
  }

  /** `SIGSTOP` stops all nodes: messages to them wait, and no connection is refused. `SIGCONT`: they go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name);
  }

  produce(n: number): Promise<unknown> {
    return this.command({ do: 'produce', n });
  }

  /** Resolves with the first matching event from `mark` on. Rejects when the process ends. */
  async waitFor<Name extends DevnetEvent['event']>(name: Name | undefined, fits: (event: EventOf<Name>) => boolean, mark = 0): Promise<EventOf<Name>> {
    let next = mark;
    for (;;) {
      for (; next < this.events.length; next += 1) {
        const event = this.events[next] as EventOf<Name>;
        if ((name === undefined || event.event === name) && fits(event)) return event;
      }
      if (this.#exited) throw new Error('the local network has ended');
      await new Promise<void>((wake) => this.#listeners.add(wake));
    }
  }

  /** Resolves when no client is connected any more. */
  async untilAlone(): Promise<void> {
    const count = (name: 'connection-open' | 'connection-close') => this.since(0, name).length;
    while (count('connection-open') > count('connection-close')) {
      if (this.#exited) throw new Error('the local network has ended');
      await new Promise<void>((wake) => this.#listeners.add(wake));
    }
  }

  async stop(): Promise<void> {
    if (this.#exited) return;
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill('SIGINT');
    await ended;
  }

  #wake(): void {
    const waiting = [...this.#listeners];
    this.#listeners.clear();
    for (const wake of waiting) wake();
  }
}
