/** Between a page and its pump, which takes channels over as soon as they are made. */
import type { DataChannel } from './channel-port.ts';
import { fieldsOf, type Port } from './port.ts';
import { openWorkerEnd, type WorkerEnd } from './worker-port.ts';

/** Page to pump: move this channel's bytes. The channel is transferred, and so is the port, if it is one. */
export interface PumpOrder {
  readonly kind: 'pump';
  readonly id: number;
  readonly channel: DataChannel;
  readonly port: WorkerEnd;
}

/** The same in the pump. */
export interface PumpTask {
  readonly id: number;
  readonly channel: DataChannel;
  readonly port: Port;
}

/**
 * Pump to page: it has them; or something came that it could not read, which says no more of itself. Where nothing comes at all the page does not
 * hear of it: a channel that was sent is gone at its sender's in any case.
 */
export type PumpReport = { readonly kind: 'pumping'; readonly id: number } | { readonly kind: 'lost' };

export function readPumpOrder(data: unknown): PumpTask | undefined {
  const { kind, id, channel, port: end } = fieldsOf(data) ?? {};
  const has = fieldsOf(channel);
  const isChannel = typeof has?.['send'] === 'function' && typeof has['addEventListener'] === 'function';
  if (kind !== 'pump' || typeof id !== 'number' || !isChannel) return undefined;
  const port = openWorkerEnd(end);
  return port && { id, channel: channel as DataChannel, port };
}

export function readPumpReport(data: unknown): PumpReport | undefined {
  const { kind, id } = fieldsOf(data) ?? {};
  if (kind === 'lost') return { kind };
  return kind === 'pumping' && typeof id === 'number' ? { kind, id } : undefined;
}
