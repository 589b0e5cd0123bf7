/**
 * What a node of the local Moloch network does wrong on command.
 * @module
 */

/** Each fault with what it does. */
export const MOLOCH_FAULTS = {
  'withheld-votes': 'its validators do not vote',
  'duplicate-votes': 'it sends each vote twice, and its Finalized names one validator three times in place of three validators',
  'forged-mmr-root': 'its trusted headers carry another mmr root beside the header',
  'bad-events-root': 'the events of the block at "height" are changed, so that they do not fit the events root of the signed header',
  'stale-status': 'it says in greetings and status that it is ten blocks lower than it is',
  fork: 'from "height" on it tells another chain, sealed and signed by the same validators',
  slow: 'each answer comes 3 s later ("delay": milliseconds)',
  silent: 'it answers no request, and sends nothing after the greeting',
  'half-frames': 'each answer is cut in the middle',
  'bad-chunk': 'one byte of each chunk of a snapshot is changed',
  'wrong-manifest': 'its manifests have another state root',
  'wrong-range': 'it answers with blocks and headers from one height above the one asked for',
  'replayed-nonce': 'it greets every client with the same nonce',
  'wrong-clock': 'its clock is two minutes ahead',
} as const;

export type MolochFault = keyof typeof MOLOCH_FAULTS;

export interface FaultSettings {
  /** `bad-events-root`, `fork`. */
  readonly height?: number | undefined;
  /** `slow`; milliseconds. */
  readonly delay?: number | undefined;
}

/** Milliseconds: longer than a loopback answer by far, shorter than a client's deadline of 10 s. */
export const SLOW_DELAY = 3000;

export function isMolochFault(name: string): name is MolochFault {
  return Object.hasOwn(MOLOCH_FAULTS, name);
}

/** The faults that a node has. */
export type NodeFaults = Map<MolochFault, FaultSettings>;
