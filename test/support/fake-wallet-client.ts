import { vi } from 'vitest';
import { EventRegistry } from '../../src/client/event-registry.ts';
import type { AlbatrossHead, Answer, ClientEvents, Head, HeadView, PeerView, Status, TransactionPage, TransactionUpdate } from '../../src/client/types.ts';
import type { Client as NativeClient } from '../../src/client/types.ts';

/** A block of a fake chain: its hash is its height with a letter for the branch. */
export function fakeHead(height: number, type: AlbatrossHead['type'] = 'micro', branch = 'a'): HeadView {
  const details: AlbatrossHead = { chain: 'albatross', type, version: 2, epoch: 1, batch: 1 };
  return { height, hash: `${branch}${height}`, timestamp: 1_700_000_000_000 + height * 1000, trust: 'proven', finality: 'pending', details };
}

export function fakePeer(id: string, state: PeerView['state'] = 'live', kind: PeerView['kind'] = 'node'): PeerView {
  return { id, address: `/dns4/${id}.example/tcp/443/wss`, transport: 'wss', kind, state, height: 1, latency: 10, received: 0, score: 0, reason: undefined };
}

export function fakeStatus(phase: Status['phase'] = 'established', name = 'unit-albatross'): Status {
  const details = { chain: 'albatross', blocksPerBatch: 32, batchesPerEpoch: 4, blockSeparationTime: 1000 };
  return {
    host: { kind: 'node', build: 'v000.001.000', tabs: 1, verifiers: 0, fencing: 1 },
    network: { name, genesisHash: '00', genesisHeight: 200, development: true, details },
    phase,
  } as unknown as Status;
}

/** An answer that stands on a fake block. */
export function answer<T>(value: T): Answer<T> {
  return { value, level: 'proven', finality: 'pending', block: { height: 300, hash: 'a300', timestamp: 1 } };
}

/** An error as it comes from behind the hub. */
export function codedError(code: string): Error {
  return Object.assign(new Error(code), { name: 'HubError', code });
}

/** Our client as `petrel/nimiq` uses it, with what a test gives it to answer. */
export class FakeWalletClient {
  readonly events = new EventRegistry(() => {});
  status = fakeStatus();
  head: Head = { known: true, latest: fakeHead(300), final: fakeHead(296, 'checkpoint') };
  peers: readonly PeerView[] = [fakePeer('one')];
  readonly getBlock = vi.fn<NativeClient['getBlock']>(async () => undefined);
  readonly ask = vi.fn<(question: string, args: readonly unknown[]) => unknown>(() => {
    throw new Error('not asked for in this test');
  });
  readonly list = vi.fn<(address: string, options: { readonly before?: string; readonly limit?: number }) => TransactionPage>(() => ({ transactions: [], complete: 'agreed', unproven: [], more: false }));
  readonly send = vi.fn<(transaction: { serialize(): Uint8Array }) => Promise<TransactionUpdate>>();
  readonly sent = vi.fn<(hash: string) => Promise<TransactionUpdate | undefined>>(async () => undefined);
  readonly stopWatching = vi.fn<() => void>();
  readonly watch = vi.fn<(addresses: readonly string[], listener: (update: TransactionUpdate) => void) => () => void>(() => this.stopWatching);
  readonly close = vi.fn<() => Promise<void>>(async () => {});

  /** As far as `petrel/nimiq` goes. */
  get native(): NativeClient {
    return {
      getStatus: async () => this.status,
      getHead: async () => this.head,
      getPeers: async () => this.peers,
      getBlock: this.getBlock,
      on: this.events.on.bind(this.events),
      close: this.close,
      watch: this.watch,
      accounts: { get: async (addresses: unknown, options: unknown) => this.ask('accounts', [addresses, options]) },
      staking: {
        getStaker: async (address: unknown, options: unknown) => this.ask('staker', [address, options]),
        getStakers: async (addresses: unknown, options: unknown) => this.ask('stakers', [addresses, options]),
        getValidator: async (address: unknown, options: unknown) => this.ask('validator', [address, options]),
        getValidators: async (addresses: unknown, options: unknown) => this.ask('validators', [addresses, options]),
        getElected: async () => this.ask('elected', []),
      },
      transactions: {
        get: async (hash: unknown, options: unknown) => this.ask('transaction', [hash, options]),
        list: async (address: string, options: object) => answer(this.list(address, options)),
        receipts: async (address: unknown, options: unknown) => this.ask('receipts', [address, options]),
        send: this.send,
        status: this.sent,
      },
    } as unknown as NativeClient;
  }

  tell<K extends keyof ClientEvents>(name: K, value: ClientEvents[K]): void {
    this.events.dispatch(name, value);
  }
}
