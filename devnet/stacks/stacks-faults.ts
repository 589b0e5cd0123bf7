/**
 * What a gateway of the local Stacks network does wrong on command.
 * @module
 */

/** Each fault with what it does. */
export const STACKS_FAULTS = {
  'weight-69': 'blocks and headers have the signatures of 69 % of the weight ("height": that block only)',
  stranger: 'the last signature of a block is of a key outside the set ("height")',
  duplicate: 'the first signature of a block is there twice ("height")',
  'wrong-order': 'the first two signatures of a block are exchanged ("height")',
  'forged-set': 'a stacker set has another weight for its first signer and another key for its last one',
  'altered-proof': 'one bit of each MARF proof is changed',
  'altered-value': 'values and balances are one higher in their last digit than the proof says',
  'no-proofs': 'it has values without proofs, as a node with a squashed MARF',
  'no-index': 'it answers 501 for transactions, as a node without an index of them',
  'wrong-transaction': 'it names the parent of the block that has a transaction',
  'no-pox': '/v2/pox fails with status 500',
  hole: 'an answer with a tenure leaves its second block out',
  'foreign-block': 'the second block of an answer with a tenure is of another tenure',
  'wrong-count': 'its newest tenures begin with a block that counts one block too many in the tenure before; the signers signed it',
  'gateway-down': 'it cuts each connection without an answer',
  'rate-limited': 'it answers 429 with Retry-After ("seconds", default 2)',
  quota: 'it answers so many requests in a time ("requests", default 20; "seconds", default 2), which its headers count down, and then 429',
  slow: 'each answer comes 3 s later ("delay": milliseconds)',
  stale: 'its chain ends behind the others ("tenures", default 2), and does not go on',
  'other-fork': 'it has another chain from some tenures below the tip ("tenures", default 1), which the signers signed',
  empty: 'each answer has no bytes',
  html: 'each answer is a page of HTML with status 200',
  endless: 'the body of an answer does not end',
  'altered-epoch2': 'one bit of the last header is changed in each answer with several headers of epoch 2.x',
  'altered-epoch2-block': 'one bit of a transaction is changed in each block of epoch 2.x',
  'wrong-id': 'a block asked for by id is answered with its parent',
} as const;

export type StacksFault = keyof typeof STACKS_FAULTS;

export interface FaultSettings {
  /** `weight-69`, `stranger`, `duplicate`, `wrong-order`. */
  readonly height?: number | undefined;
  /** `slow`; milliseconds. */
  readonly delay?: number | undefined;
  /** `quota`. */
  readonly requests?: number | undefined;
  /** `rate-limited`, `quota`. */
  readonly seconds?: number | undefined;
  /** `stale`, `other-fork`. */
  readonly tenures?: number | undefined;
}

/** Milliseconds: longer than a loopback answer by far, shorter than a client's deadline of 10 s. */
export const SLOW_DELAY = 3000;
/** Seconds of Retry-After, and of a quota. */
export const RETRY_AFTER = 2;
/** Requests of a quota. */
export const QUOTA = 20;

export function isStacksFault(name: string): name is StacksFault {
  return Object.hasOwn(STACKS_FAULTS, name);
}

/** The faults that a gateway has. */
export type GatewayFaults = ReadonlyMap<StacksFault, FaultSettings>;
