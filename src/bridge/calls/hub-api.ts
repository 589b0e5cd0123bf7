import type { BlockView, Head, LogEntry, NoticeCode, PeerView, Status, TrustRecord } from '../contract.ts';
import { CallError } from '../errors.ts';

/** The methods that a page can call in the hub. All their values can be cloned. */
export interface HubApi {
  getStatus(): Promise<Status>;
  getHead(): Promise<Head>;
  getBlock(hashOrHeight: string | number): Promise<BlockView | undefined>;
  ask(question: string, args: readonly unknown[]): Promise<unknown>;
  getPeers(): Promise<readonly PeerView[]>;
  getTrust(): Promise<TrustRecord>;
  getLog(): Promise<readonly LogEntry[]>;
  wipe(): Promise<void>;
  exportSnapshot(): Promise<Uint8Array>;
  importSnapshot(bytes: Uint8Array): Promise<void>;
  closeNotice(code: NoticeCode, time: number): Promise<void>;
}

export type HubMethod = keyof HubApi;

/** The handlers in the hub: the same methods, each with the signal of its call. */
export type HubHandlers = {
  readonly [M in HubMethod]: (...args: [...Parameters<HubApi[M]>, signal: AbortSignal]) => Promise<Awaited<ReturnType<HubApi[M]>>>;
};

/** A method as `serveCalls` runs it: its arguments come unchecked from another thread. */
export type CallHandler = (args: readonly unknown[], signal: AbortSignal) => Promise<unknown>;

/** The list of allowed methods: exactly those of `HubApi`. Each checks its arguments before it calls the handler. */
export function callTable(handlers: HubHandlers): ReadonlyMap<string, CallHandler> {
  const table: { readonly [M in HubMethod]: CallHandler } = {
    getStatus: (_, signal) => handlers.getStatus(signal),
    getHead: (_, signal) => handlers.getHead(signal),
    getBlock: ([key], signal) => handlers.getBlock(blockKey(key), signal),
    ask: ([question, args], signal) => handlers.ask(questionName(question), argumentsOf(args), signal),
    getPeers: (_, signal) => handlers.getPeers(signal),
    getTrust: (_, signal) => handlers.getTrust(signal),
    getLog: (_, signal) => handlers.getLog(signal),
    wipe: (_, signal) => handlers.wipe(signal),
    exportSnapshot: (_, signal) => handlers.exportSnapshot(signal),
    importSnapshot: ([bytes], signal) => handlers.importSnapshot(snapshotBytes(bytes), signal),
    closeNotice: ([code, time], signal) => handlers.closeNotice(noticeCode(code), unixTime(time), signal),
  };
  return new Map(Object.entries(table));
}

function questionName(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new CallError('bad-argument', { expected: 'the name of a question', came: typeof value });
}

/** The chain checks each of them. */
function argumentsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new CallError('bad-argument', { expected: 'a list of arguments', came: typeof value });
}

/** Checks only that these are bytes. Their content and size are checked by the code that reads them. */
function snapshotBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new CallError('bad-argument', { expected: 'bytes of a snapshot', came: typeof value });
}

/** Only compared with codes of known notices, so any text is allowed. */
function noticeCode(value: unknown): NoticeCode {
  if (typeof value === 'string') return value as NoticeCode;
  throw new CallError('bad-argument', { expected: 'the code of a notice', came: typeof value });
}

function unixTime(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new CallError('bad-argument', { expected: 'unix milliseconds', came: typeof value });
}

/** A block's hash (64 hex digits; upper case is accepted) or its height on the main chain (an unsigned 32-bit number). */
function blockKey(key: unknown): string | number {
  if (typeof key === 'number' && Number.isInteger(key) && key >= 0 && key <= 0xffff_ffff) return key;
  if (typeof key === 'string' && /^[0-9a-fA-F]{64}$/.test(key)) return key.toLowerCase();
  throw new CallError('bad-argument', { expected: '64 hex digits or a height', came: String(key).slice(0, 80) });
}
