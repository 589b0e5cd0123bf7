import type { WireError } from './errors.ts';

/** How a call ended, as a plain value: comlink's own way of throwing loses an error's code. */
export type CallAnswer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WireError };

/**
 * Calls one tab may have under way; one more is refused with `busy`. A page asks for a handful at a time; the bound keeps a page that runs
 * wild from filling the hub.
 */
export const MAX_CALLS_PER_TAB = 32;

/** Milliseconds a call takes at most when the caller says nothing: twice what the slowest one (a block from peers, with failover) needs. */
export const DEFAULT_CALL_TIMEOUT = 30_000;

/** Milliseconds a caller may ask for at most. */
export const MAX_CALL_TIMEOUT = 300_000;
