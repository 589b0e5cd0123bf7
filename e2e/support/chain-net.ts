import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

export type OtherChain = 'hotstuff2' | 'moloch';

/** The newest block in the events of a network. HotStuff-2 tells a block when it is certified, Moloch when it is made. */
const newest = { hotstuff2: 'certified', moloch: 'block' } as const;

interface NetEvent {
  readonly event: string;
  readonly id?: number;
  readonly height?: number;
  readonly hash?: string;
  /** Of `started`, where the network has blocks then. */
  readonly head?: { readonly height: number; readonly hash: string };
  readonly result?: unknown;
  readonly message?: string;
}

/** The local network of another chain than Albatross, in a separate process; it makes blocks only by command. */
export class ChainNet {
  readonly chain: OtherChain;
  readonly #events: NetEvent[] = [];
  readonly #child;
  readonly #folder = mkdtempSync(join(tmpdir(), 'petrel-chain-net-'));
  readonly #listeners = new Set<() => void>();
  #nextId = 1;
  #exited = false;

  private constructor(chain: OtherChain, args: readonly string[]) {
    this.chain = chain;
    const bundles = process.env['PETREL_CHAIN_NETS'];
    const program = bundles === undefined ? ['--import', 'tsx', join(root, 'devnet', chain, 'main.ts')] : [join(bundles, `${chain}.mjs`)];
    this.#child = spawn(process.execPath, [...program, '--port', '0', '--block-time', '0', '--network-file', this.#file, ...args], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.on('exit', () => {
      this.#exited = true;
      this.#wake();
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#events.push(JSON.parse(line) as NetEvent);
      this.#wake();
    });
  }

  static async start(chain: OtherChain, ...args: string[]): Promise<ChainNet> {
    const net = new ChainNet(chain, args);
    await net.#until(({ event }) => event === 'started');
    return net;
  }

  get #file(): string {
    return join(this.#folder, 'network.json');
  }

  /** The network's parameters, JSON. */
  get networkFile(): string {
    return readFileSync(this.#file, 'utf8');
  }

  /** The newest block, which need not be final. Before the first one its hash is empty. */
  get head(): { readonly height: number; readonly hash: string } {
    const { height = 0, hash = '' } = this.#events.findLast(({ event }) => event === newest[this.chain]) ?? this.#events.find(({ event }) => event === 'started')?.head ?? {};
    return { height, hash };
  }

  /** Sends a command and resolves with the result of its answer. Rejects if the answer is an error. */
  async command<Result = unknown>(command: Readonly<Record<string, unknown>>): Promise<Result> {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#child.stdin.write(`${JSON.stringify({ ...command, id })}\n`);
    const answer = await this.#until((event) => event.id === id);
    if (answer.event === 'error') throw new Error(`${JSON.stringify(command)}: ${answer.message ?? ''}`);
    return answer.result as Result;
  }

  produce(n: number): Promise<unknown> {
    return this.command({ do: 'produce', n });
  }

  async stop(): Promise<void> {
    if (!this.#exited) {
      const ended = new Promise((done) => this.#child.once('exit', done));
      this.#child.kill('SIGINT');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #until(fits: (event: NetEvent) => boolean): Promise<NetEvent> {
    for (let next = 0; ; ) {
      for (; next < this.#events.length; next += 1) if (fits(this.#events[next]!)) return this.#events[next]!;
      if (this.#exited) throw new Error('the local network has ended');
      await new Promise<void>((wake) => this.#listeners.add(wake));
    }
  }

  #wake(): void {
    const waiting = [...this.#listeners];
    this.#listeners.clear();
    for (const wake of waiting) wake();
  }
}
