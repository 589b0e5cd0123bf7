import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

/** One line of what a local network tells. */
interface Told {
  readonly event: string;
  /** Of an answer: that of its command. */
  readonly id?: unknown;
  /** Of an answer that is an error. */
  readonly message?: string;
}

/** A local network in a separate process: what it has told, and the commands to it. */
export class NetworkProcess<Event extends Told> {
  readonly events: Event[] = [];
  readonly #child;
  readonly #listeners = new Set<() => void>();
  #nextId = 1;
  #exited = false;

  /** `bundle`: one of `bundle-devnet.ts`; undefined: Node runs the sources, from `main`, a path below the project's folder. */
  constructor(bundle: string | undefined, main: string, args: readonly string[]) {
    const program = bundle === undefined ? ['--import', 'tsx', join(root, main)] : [bundle];
    this.#child = spawn(process.execPath, [...program, ...args], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.on('exit', () => {
      this.#exited = true;
      this.#wake();
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.events.push(JSON.parse(line) as Event);
      this.#wake();
    });
  }

  /** Sends a command and resolves with its answer. Rejects if the answer is an error. */
  async command(command: Readonly<Record<string, unknown>>): Promise<Event> {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#child.stdin.write(`${JSON.stringify({ ...command, id })}\n`);
    const answer = await this.until((told) => (told.event === 'done' || told.event === 'error') && told.id === id);
    if (answer.event === 'error') throw new Error(`${JSON.stringify(command)}: ${answer.message ?? ''}`);
    return answer;
  }

  /** Resolves with the first event from `mark` on that fits. Rejects when the process ends. */
  async until(fits: (told: Event) => boolean, mark = 0): Promise<Event> {
    for (let next = mark; ; ) {
      for (; next < this.events.length; next += 1) if (fits(this.events[next]!)) return this.events[next]!;
      await this.next();
    }
  }

  /** Resolves when it has told something more. Rejects when the process has ended. */
  async next(): Promise<void> {
    if (this.#exited) throw new Error('the local network has ended');
    await new Promise<void>((wake) => this.#listeners.add(wake));
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name);
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
