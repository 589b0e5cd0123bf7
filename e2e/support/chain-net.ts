import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NetworkProcess } from './network-process.ts';

export type OtherChain = 'hotstuff2' | 'moloch' | 'stacks';

/** The newest block in the events of a network. HotStuff-2 tells a block when it is certified, Moloch and Stacks when it is made. */
const newest = { hotstuff2: 'certified', moloch: 'block', stacks: 'block' } as const;

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
  readonly #folder = mkdtempSync(join(tmpdir(), 'petrel-chain-net-'));
  readonly #process: NetworkProcess<NetEvent>;

  private constructor(chain: OtherChain, args: readonly string[]) {
    this.chain = chain;
    const bundles = process.env['PETREL_CHAIN_NETS'];
    this.#process = new NetworkProcess(bundles && join(bundles, `${chain}.mjs`), `devnet/${chain}/main.ts`, ['--port', '0', '--block-time', '0', '--network-file', this.#file, ...args]);
  }

  static async start(chain: OtherChain, ...args: string[]): Promise<ChainNet> {
    const net = new ChainNet(chain, args);
    await net.#process.until(({ event }) => event === 'started');
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
    const { height = 0, hash = '' } = this.#process.events.findLast(({ event }) => event === newest[this.chain]) ?? this.#process.events.find(({ event }) => event === 'started')?.head ?? {};
    return { height, hash };
  }

  /** Sends a command and resolves with the result of its answer. Rejects if the answer is an error. */
  async command<Result = unknown>(command: Readonly<Record<string, unknown>>): Promise<Result> {
    return (await this.#process.command(command)).result as Result;
  }

  produce(n: number): Promise<unknown> {
    return this.command({ do: 'produce', n });
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
