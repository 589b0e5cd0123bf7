import { noSharing } from '../../src/engine/view.ts';
import type { BlockView, ChainClientEvents, ClientStatus, Head, HeadView, LogEntry, PeerView, TrustRecord } from '../../src/engine/view.ts';
import { Emitter } from '../../src/base/emitter.ts';
import type { Attention } from '../../src/engine/live/attention.ts';
import type { ChainClient } from '../../src/engine/driver.ts';

/** A light client for tests of the code around it: the test moves its head. */
export class FakeLightClient implements ChainClient {
  readonly events = new Emitter<ChainClientEvents>();
  closed = false;
  wiped = 0;
  /** Number of times it was told that the database may be available. */
  returns = 0;
  /** The attention values that it was given. */
  readonly attention: Attention[] = [];
  /** The arguments of `getBlock` calls. It never answers them. */
  readonly asked: { readonly key: string | number; readonly signal: AbortSignal | undefined }[] = [];
  #head: HeadView = { height: 200, hash: '00'.repeat(32), timestamp: 0, trust: 'proven', finality: 'final', details: { chain: 'albatross' } };

  getStatus(): ClientStatus {
    return {
      network: { name: 'fake', genesisHash: '', genesisHeight: 200, development: false, details: { chain: 'albatross' } },
      phase: 'established',
      consensus: 'established',
      progress: undefined,
      peers: { connected: 4, live: 4, wanted: 6 },
      storage: { kind: 'memory', bytes: 0, cap: 20_000_000 },
      sharing: noSharing,
      reason: undefined,
    };
  }

  getHead(): Head {
    return { known: true, latest: this.#head, final: this.#head };
  }

  getPeers(): readonly PeerView[] {
    return [];
  }

  getTrust(): TrustRecord {
    return { level: 'proven', anchor: { kind: 'genesis', height: 200, hash: '', witnesses: [], fewWitnesses: false }, onlyNames: false, checked: { milliseconds: 0 }, proof: undefined };
  }

  getLog(): readonly LogEntry[] {
    return [];
  }

  getBlock(key: string | number, options?: { readonly signal?: AbortSignal | undefined }): Promise<BlockView | undefined> {
    this.asked.push({ key, signal: options?.signal });
    return new Promise(() => {});
  }

  /** Answers every question with its arguments. */
  async ask(question: string, args: readonly unknown[]): Promise<unknown> {
    return { question, args };
  }

  async wipe(): Promise<void> {
    this.wiped++;
  }

  exportSnapshot(): Uint8Array {
    return Uint8Array.of(1);
  }

  async importSnapshot(): Promise<void> {}

  returnToStore(): void {
    this.returns++;
  }

  setAttention(attention: Attention): void {
    this.attention.push(attention);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** Moves the head one block further. */
  extend(): void {
    this.#head = { ...this.#head, height: this.#head.height + 1 };
    this.events.emit('head', { head: this.getHead(), adopted: [this.#head], reverted: [] });
  }
}
