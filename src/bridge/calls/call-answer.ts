import type { WireError } from '../errors.ts';

/** The result of a call, as a plain value: comlink's own way of throwing loses an error's code. */
export type CallAnswer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WireError };

/**
 * Calls that one tab may have under way; one more is refused with `busy`. A page makes only a handful of calls at a time. The bound keeps a
 * faulty page from filling the hub.
 */
export const MAX_CALLS_PER_TAB = 32;

/** Default limit of a call in milliseconds: twice what the slowest call (a block from peers, with failover) needs. */
export const DEFAULT_CALL_TIMEOUT = 30_000;

/** The longest limit in milliseconds that a caller may set. */
export const MAX_CALL_TIMEOUT = 300_000;
