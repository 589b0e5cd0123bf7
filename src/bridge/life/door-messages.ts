/**
 * The messages used when an elected tab's worker is the hub for all tabs: on the door, a `BroadcastChannel` of all tabs of a build, and
 * between that tab and its worker.
 * @module
 */

import { fieldsOf } from '../ports/port.ts';

/**
 * Page to hub. `to` is the name of the worker that should answer, so that a hub that hung and wakes up does not; `port` is the name of the
 * page's port (`named-port.ts`).
 */
export interface Knock {
  readonly kind: 'knock';
  readonly to: string;
  readonly port: string;
}

/** Hub to pages: it has just begun to listen, and has missed all earlier knocks. */
export interface DoorOpen {
  readonly kind: 'door-open';
}

/** Elected worker to its page: it serves, and holds this lock while it lives. */
export interface SeatReport {
  readonly kind: 'serving';
  readonly lock: string;
}

/** Page to its elected worker: flush and end. */
export interface SeatOrder {
  readonly kind: 'leave-seat';
}

/** The readers return `undefined` if the data is not a valid message. */
export function readKnock(data: unknown): Knock | undefined {
  const { kind, to, port } = fieldsOf(data) ?? {};
  return kind === 'knock' && typeof to === 'string' && typeof port === 'string' ? { kind, to, port } : undefined;
}

export function readDoorOpen(data: unknown): DoorOpen | undefined {
  return fieldsOf(data)?.['kind'] === 'door-open' ? { kind: 'door-open' } : undefined;
}

export function readSeatReport(data: unknown): SeatReport | undefined {
  const { kind, lock } = fieldsOf(data) ?? {};
  return kind === 'serving' && typeof lock === 'string' ? { kind, lock } : undefined;
}

export function readSeatOrder(data: unknown): SeatOrder | undefined {
  return fieldsOf(data)?.['kind'] === 'leave-seat' ? { kind: 'leave-seat' } : undefined;
}
