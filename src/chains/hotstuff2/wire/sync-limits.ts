/**
 * Limits and numbers of the protocol `hs2-sync/1` (HotStuff-2 reference, 4).
 * @module
 */

/** The WebSocket subprotocol. */
export const SYNC_SUBPROTOCOL = 'hs2-sync.1';

/** The only version of the protocol. */
export const SYNC_VERSION = 1;

/** Bytes; a client's frame is at most this long, as no request needs more. */
export const MAX_FRAME_TO_SERVER = 4 * 1024;

/** Bytes; a server's frame is at most this long: a block of 4 MiB and as much again. */
export const MAX_FRAME_TO_CLIENT = 8 * 1024 * 1024;

/** Requests of one client that may wait for an answer. */
export const MAX_IN_FLIGHT = 16;

/** Blocks or headers in one answer. */
export const MAX_BLOCKS_PER_REQUEST = 256;

/** Type, flags and request id, in bytes. */
export const FRAME_HEADER_LENGTH = 6;

/** Hashes in the path of a state proof: a tree of 2^53 entries has no more. */
export const MAX_PATH = 64;

/** The bit that makes the type of an answer from the type of its request. */
export const ANSWER_BIT = 0x80;

/** Numbers of the frame Error. */
export const SYNC_ERRORS = {
  1: 'bad-request',
  2: 'wrong-chain',
  3: 'version',
  4: 'pruned',
  5: 'beyond-tip',
  6: 'too-many-requests',
  7: 'internal',
  8: 'unknown-type',
} as const;

export type SyncErrorNumber = keyof typeof SYNC_ERRORS;
