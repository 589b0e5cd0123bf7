import type { ClientEvents, HeadEvent, LogEntry, Notice, PeerView, Status, TrustRecord } from '../contract.ts';
import { fieldsOf } from '../ports/port.ts';

export type EventName = keyof ClientEvents;

/** All events. The record type makes the compiler require new ones. */
const all: { readonly [K in EventName]: true } = { status: true, head: true, peers: true, trust: true, notice: true, log: true };

const eventNames: ReadonlySet<string> = new Set(Object.keys(all));

/** Hub to page. Only one is under way at a time: the next follows the page's `ack`. */
export interface EventBundle {
  readonly kind: 'events';
  readonly seq: number;
  /** Only the newest state. */
  readonly status?: Status;
  readonly peers?: readonly PeerView[];
  readonly trust?: TrustRecord;
  /** Everything since the last bundle, merged. */
  readonly head?: HeadEvent;
  readonly notices: readonly Notice[];
  readonly log: readonly LogEntry[];
  /** How many of each did not fit; the oldest were dropped. */
  readonly dropped: { readonly notices: number; readonly log: number };
}

/** Page to hub. `subscribe` names all events that the page listens to; subscriptions that are not in it end. */
export type EventRequest = { readonly kind: 'ack'; readonly seq: number } | { readonly kind: 'subscribe'; readonly names: readonly EventName[] };

/** Reads a message from a page; `undefined` if it is not a valid request. */
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
