import type { CallOptions } from '../bridge/calls/call-client.ts';
import type { MolochEventView, MolochReturnedEvent } from '../chains/moloch/chain/event-views.ts';
import type { Ask } from './ask.ts';

/** What only Moloch has. On another chain each method rejects with `QuestionError` `unknown-question`. The id of an event has 64 lower-case hex digits. */
export interface MolochApi {
  /** An event of a final block, by its id. Events that are not held are asked of peers, and proven. */
  getEvent(id: string, options?: CallOptions): Promise<MolochEventView>;
  /** The events of a final block, in their order; `undefined`: they are not held here. */
  getEvents(height: number, options?: CallOptions): Promise<readonly MolochEventView[] | undefined>;
  /** The bytes of a receipt: the event, its place, and the signatures that make its block final. */
  proveEvent(id: string, options?: CallOptions): Promise<Uint8Array>;
  /** Events of blocks that were rolled back, and that are in no block since; oldest first. */
  getReturnedEvents(options?: CallOptions): Promise<readonly MolochReturnedEvent[]>;
}

/** The questions of Moloch, as functions. */
export function molochApi(ask: Ask): MolochApi {
  const call = <T>(name: keyof MolochApi, args: readonly unknown[], options?: CallOptions) => ask(name, args, options) as Promise<T>;
  return {
    getEvent: (id, options) => call('getEvent', [id], options),
    getEvents: (height, options) => call('getEvents', [height], options),
    proveEvent: (id, options) => call('proveEvent', [id], options),
    getReturnedEvents: (options) => call('getReturnedEvents', [], options),
  };
}
