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

/** The same message as the pump reads it. */
export interface PumpTask {
  readonly id: number;
  readonly channel: DataChannel;
  readonly port: Port;
}

/**
 * Pump to page: it has the channel (`pumping`); or a message arrived that it could not read (`lost`), which does not say which channel it
 * was about. If nothing arrives at the pump, the page gets no message at all. In any case a channel that was sent is no longer usable at
 * its sender.
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
