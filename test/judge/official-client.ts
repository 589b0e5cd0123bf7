import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Devnet } from '../../devnet/devnet.ts';

/** A line that `official-client.mjs` prints. */
type ClientLine =
  | { readonly event: 'ready'; readonly hash: string }
  | { readonly event: 'head'; readonly hash: string; readonly reason: string; readonly reverted: readonly string[]; readonly adopted: readonly string[] }
  | { readonly event: 'consensus'; readonly state: 'connecting' | 'syncing' | 'established' }
  | { readonly event: 'peers'; readonly peer: string; readonly reason: string; readonly count: number }
  | { readonly event: 'called'; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly event: 'transaction'; readonly transaction: { readonly transactionHash: string; readonly state: string; readonly blockHeight?: number } }
  | { readonly event: 'answer'; readonly height: number; readonly hash: string; readonly consensus: boolean };

export type HeadReport = Extract<ClientLine, { event: 'head' }>;

/** Milliseconds. Generous: a loaded machine takes seconds to verify a macro block, and the client's own rounds take 5 s. */
const TIMEOUT = 180_000;

/** `@nimiq/core` in a child process, which joins a devnet as an ordinary peer. */
export class OfficialClient {
  readonly heads: HeadReport[] = [];
  /** Every hash that it reported as adopted, in order. */
  readonly adopted: string[] = [];
  readonly #child: ChildProcess;
  readonly #lines: ClientLine[] = [];
  readonly #listeners = new Set<(line: ClientLine) => void>();
  readonly #errors: string[] = [];
  #calls = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    createInterface({ input: child.stdout! }).on('line', (text) => this.#hear(text));
    child.stderr!.on('data', (bytes: Buffer) => {
      this.#errors.push(bytes.toString());
      if (this.#errors.length > 50) this.#errors.shift();
    });
  }

  /** `beside`: further seed addresses, in addition to the devnet's peers. */
  static async start(devnet: Devnet, mode: 'pico' | 'light', beside: readonly string[] = []): Promise<OfficialClient> {
    const script = fileURLToPath(new URL('./official-client.mjs', import.meta.url));
    // Its WebAssembly runs for seconds only: compiling it a second time, optimised, takes longer than it saves.
    const child = spawn(process.execPath, ['--liftoff-only', script, JSON.stringify({ seeds: [...devnet.network.seeds, ...beside], mode })], { stdio: ['pipe', 'pipe', 'pipe'] });
    const client = new OfficialClient(child);
    await client.#line('ready', () => true);
    return client;
  }

  #hear(text: string): void {
    if (!text.startsWith('{"event"')) return;
    const line = JSON.parse(text) as ClientLine;
    this.#lines.push(line);
    if (line.event === 'head') {
      this.heads.push(line);
      this.adopted.push(...line.adopted);
    }
    for (const listener of Array.from(this.#listeners)) listener(line);
  }

  /** The first matching line of a kind, among those already printed (from index `from` on) or in the future. */
  #line<E extends ClientLine['event']>(event: E, fits: (line: Extract<ClientLine, { event: E }>) => boolean, from = 0, timeout = TIMEOUT): Promise<Extract<ClientLine, { event: E }>> {
    const matches = (line: ClientLine): line is Extract<ClientLine, { event: E }> => line.event === event && fits(line as Extract<ClientLine, { event: E }>);
    const said = this.#lines.slice(from).find(matches);
    if (said) return Promise.resolve(said);
    return new Promise((resolve, reject) => {
      const listener = (line: ClientLine): void => {
        if (!matches(line)) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(line);
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        reject(new Error(`the official client did not say '${event}' within ${timeout} ms; it last said ${JSON.stringify(this.#lines.slice(-3))}\n${this.#errors.join('')}`));
      }, timeout);
      this.#listeners.add(listener);
    });
  }

  async established(): Promise<void> {
    await this.#line('consensus', ({ state }) => state === 'established');
  }

  /** Resolves when the client has reported this block as adopted. */
  async reached(hash: string): Promise<void> {
    if (this.adopted.includes(hash)) return;
    await this.#line('head', ({ adopted }) => adopted.includes(hash));
  }

  async ask(): Promise<{ readonly height: number; readonly hash: string; readonly consensus: boolean }> {
    const from = this.#lines.length;
    this.#child.stdin!.write('head\n');
    return this.#line('answer', () => true, from);
  }

  /** Calls a method of the client with arguments in JSON, and gives back its plain result. Rejects with the client's own message. */
  async call(method: string, ...args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#calls;
    const from = this.#lines.length;
    this.#child.stdin!.write(`${JSON.stringify({ id, call: method, args })}\n`);
    const { value, error } = await this.#line('called', (line) => line.id === id, from);
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** Makes the client listen for transactions of these addresses. */
  listen(addresses: readonly string[]): void {
    this.#child.stdin!.write(`${JSON.stringify({ listen: addresses })}\n`);
  }

  /** Resolves when the client reports the transaction in this state to a listener. */
  async told(hash: string, state: string): Promise<{ readonly blockHeight?: number }> {
    return (await this.#line('transaction', ({ transaction }) => transaction.transactionHash === hash && transaction.state === state)).transaction;
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    if (this.#child.exitCode !== null) return;
    this.#child.stdin!.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(timer);
  }
}

/**
 * Number of peers in a judged devnet: as many as the client needs to get blocks fast enough (see `followTo`), and fewer than the 10
 * that it accepts from one IP address.
 */
export const JUDGE_PEERS = 8;

/** Milliseconds per block, so that the client accepts every announcement: see `followTo`. */
export function paceOf(devnet: Devnet): number {
  return 10_000 / (18 * devnet.peers.length);
}

/**
 * Produces blocks one by one up to `height`. Each waits until all clients have reported the previous one, and until the client
 * would accept its announcement: the client drops announcements of one peer beyond 20 headers in 10 s (seen in version 2.21.0), and
 * fetches the block in the next head round.
 */
export async function followTo(devnet: Devnet, clients: readonly OfficialClient[], height: number): Promise<void> {
  const pace = paceOf(devnet);
  while (devnet.chain.head.height < height) {
    const [block] = await Promise.all([devnet.produce(1), new Promise((resolve) => setTimeout(resolve, pace))]);
    await Promise.all(clients.map((client) => client.reached(block[0]!.hash)));
  }
}

/** Heights of the blocks that the client reported, in ascending order. Throws when a hash is not the devnet's at that height. */
export function heightsReported(devnet: Devnet, client: OfficialClient): readonly number[] {
  // The client reports a macro block twice: when it extends the chain, and when it is final.
  return [...new Set(client.adopted)].map((hash) => {
    const block = devnet.chain.byHash(hash);
    if (!block || devnet.chain.at(block.height)?.hash !== hash) throw new Error(`the official client reported ${hash}, which the devnet does not have`);
    return block.height;
  });
}

/**
 * Number of peers that a client needs. It may have fewer than exist: while it verifies, its handshake can take longer than the
 * allowed 3 s.
 */
const NEEDED_PEERS = 3;

/** Expects this many clients to be live with all their peers, after the peers have checked them. */
export function expectAllLive(devnet: Devnet, clients: number): void {
  const counts = devnet.peers.map(({ info }) => info.clients);
  expect(counts.filter(({ incompatible, outdated }) => incompatible + outdated > 0)).toEqual([]);
  expect(counts.reduce((sum, { live }) => sum + live, 0)).toBeGreaterThanOrEqual(NEEDED_PEERS * clients);
}
