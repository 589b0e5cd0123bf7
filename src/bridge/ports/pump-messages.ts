/** Messages between a page and its pump, which takes over channels as soon as they are made. */
import type { DataChannel } from './channel-port.ts';
import { fieldsOf, type Port } from './port.ts';
import { openWorkerEnd, type WorkerEnd } from './worker-port.ts';

/** Page to pump: move this channel's bytes. The channel is transferred, and also the port, unless it is a name. */
export interface PumpOrder {
  readonly kind: 'pump';
  readonly id: number;
  readonly channel: DataChannel;
  readonly port: WorkerEnd;
}

/** Page to pump, right after the order. Messages arrive in order: if the pump reads this and has no channel, the channel is lost. */
export interface PumpSent {
  readonly kind: 'sent';
  readonly id: number;
}

/** The same message as the pump reads it. */
export interface PumpTask {
  readonly id: number;
  readonly channel: DataChannel;
  readonly port: Port;
}

/**
 * Pump to page: it has the channel (`pumping`), and it has read what was sent up to `sent` (`read`). A channel that was sent is in any case no longer
 * usable at its sender.
 */
export interface PumpReport {
  readonly kind: 'pumping' | 'read';
  readonly id: number;
}

export function readPumpOrder(data: unknown): PumpTask | undefined {
  const { kind, id, channel, port: end } = fieldsOf(data) ?? {};
  const has = fieldsOf(channel);
  const isChannel = typeof has?.['send'] === 'function' && typeof has['addEventListener'] === 'function';
  if (kind !== 'pump' || typeof id !== 'number' || !isChannel) return undefined;
  const port = openWorkerEnd(end);
  return port && { id, channel: channel as DataChannel, port };
}

export function readPumpSent(data: unknown): PumpSent | undefined {
  const { kind, id } = fieldsOf(data) ?? {};
  return kind === 'sent' && typeof id === 'number' ? { kind, id } : undefined;
}

export function readPumpReport(data: unknown): PumpReport | undefined {
  const { kind, id } = fieldsOf(data) ?? {};
  return (kind === 'pumping' || kind === 'read') && typeof id === 'number' ? { kind, id } : undefined;
}
