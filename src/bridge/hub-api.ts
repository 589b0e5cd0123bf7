import type { BlockView, Head, LogEntry, PeerView, Status, TrustRecord } from './contract.ts';
import { CallError } from './errors.ts';

/** What a page can ask the hub. Everything in it is a clonable value. */
export interface HubApi {
  getStatus(): Promise<Status>;
  getHead(): Promise<Head>;
  getBlock(hashOrHeight: string | number): Promise<BlockView | undefined>;
  getPeers(): Promise<readonly PeerView[]>;
  getTrust(): Promise<TrustRecord>;
  getLog(): Promise<readonly LogEntry[]>;
  wipe(): Promise<void>;
  exportSnapshot(): Promise<Uint8Array>;
  importSnapshot(bytes: Uint8Array): Promise<void>;
}

export type HubMethod = keyof HubApi;

/** The hub's side: the same methods, each with the signal of its call. */
export type HubHandlers = {
  readonly [M in HubMethod]: (...args: [...Parameters<HubApi[M]>, signal: AbortSignal]) => Promise<Awaited<ReturnType<HubApi[M]>>>;
};

/** A method as `serveCalls` runs it: arguments unchecked, as they came from another thread. */
export type CallHandler = (args: readonly unknown[], signal: AbortSignal) => Promise<unknown>;

/** The allow-list: exactly the methods of `HubApi`, each checking its arguments before the handler sees them. */
export function callTable(handlers: HubHandlers): ReadonlyMap<string, CallHandler> {
  const table: { readonly [M in HubMethod]: CallHandler } = {
    getStatus: (_, signal) => handlers.getStatus(signal),
    getHead: (_, signal) => handlers.getHead(signal),
    getBlock: ([key], signal) => handlers.getBlock(blockKey(key), signal),
    getPeers: (_, signal) => handlers.getPeers(signal),
    getTrust: (_, signal) => handlers.getTrust(signal),
    getLog: (_, signal) => handlers.getLog(signal),
    wipe: (_, signal) => handlers.wipe(signal),
    exportSnapshot: (_, signal) => handlers.exportSnapshot(signal),
    importSnapshot: ([bytes], signal) => handlers.importSnapshot(snapshotBytes(bytes), signal),
  };
  return new Map(Object.entries(table));
}

/** Bytes; what they hold, and how many may be, is checked where they are read. */
function snapshotBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new CallError('bad-argument', { expected: 'bytes of a snapshot', came: typeof value });
}

/** A block's hash (64 hex digits; upper case is accepted) or its height on the main chain (an unsigned 32-bit number). */
function blockKey(key: unknown): string | number {
  if (typeof key === 'number' && Number.isInteger(key) && key >= 0 && key <= 0xffff_ffff) return key;
  if (typeof key === 'string' && /^[0-9a-fA-F]{64}$/.test(key)) return key.toLowerCase();
  throw new CallError('bad-argument', { expected: '64 hex digits or a height', came: String(key).slice(0, 80) });
}
