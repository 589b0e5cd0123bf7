import type { ClientEvents, HeadEvent, LogEntry, Notice, PeerView, Status, TrustRecord } from './contract.ts';
import { fieldsOf } from './port.ts';

export type EventName = keyof ClientEvents;

/** Every event there is; the record makes the compiler ask for new ones. */
const all: { readonly [K in EventName]: true } = { status: true, head: true, peers: true, trust: true, notice: true, log: true };

const eventNames: ReadonlySet<string> = new Set(Object.keys(all));

/** Hub to page. One is on its way at a time: the next follows the page's `ack`. */
export interface EventBundle {
  readonly kind: 'events';
  readonly seq: number;
  /** The newest state only. */
  readonly status?: Status;
  readonly peers?: readonly PeerView[];
  readonly trust?: TrustRecord;
  /** Everything since the last bundle, merged. */
  readonly head?: HeadEvent;
  readonly notices: readonly Notice[];
  readonly log: readonly LogEntry[];
  /** How many of each did not fit; the oldest were left out. */
  readonly dropped: { readonly notices: number; readonly log: number };
}

/** Page to hub. `subscribe` names everything the page listens to; what is not in it ends. */
export type EventRequest = { readonly kind: 'ack'; readonly seq: number } | { readonly kind: 'subscribe'; readonly names: readonly EventName[] };

/** Reads what a page sent; `undefined` if it is nothing of ours. */
export function readEventRequest(data: unknown): EventRequest | undefined {
  const fields = fieldsOf(data);
  if (fields?.['kind'] === 'ack' && typeof fields['seq'] === 'number') return { kind: 'ack', seq: fields['seq'] };
  const names = fields?.['names'];
  if (fields?.['kind'] !== 'subscribe' || !Array.isArray(names)) return undefined;
  return { kind: 'subscribe', names: names.slice(0, eventNames.size).filter((name): name is EventName => eventNames.has(name as string)) };
}

export function isEventBundle(data: unknown): data is EventBundle {
  return fieldsOf(data)?.['kind'] === 'events';
}
