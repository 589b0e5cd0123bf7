/**
 * The data of a transaction that creates a vesting contract: an account that pays out in steps (Albatross proofs reference, 4.4).
 * @module
 */
import { coin, decode, fixed, struct } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';

export interface VestingData {
  /** 20 bytes: whose signature releases the money. */
  readonly owner: Uint8Array;
  /** Unix milliseconds, at most 2^53 - 1. */
  readonly startTime: number;
  /** Milliseconds, at most 2^53 - 1. */
  readonly timeStep: number;
  /** Luna that each step releases. */
  readonly stepAmount: number;
  /** Luna that the steps release in all. */
  readonly totalAmount: number;
}

const owner = fixed(20);
/** Milliseconds: 8 bytes, big-endian. Later times are well-formed, but nodes refuse them. */
const time: Codec<number> = {
  ...coin,
  read: (r) => {
    const start = r.offset;
    try {
      return coin.read(r);
    } catch (error) {
      throw error instanceof DecodeError && error.code === 'number-too-large' ? new DecodeError('invalid-value', start, 'a time above 2^53 - 1') : error;
    }
  },
};

const atOnce = struct<Pick<VestingData, 'owner' | 'timeStep'>>({ owner, timeStep: time });
const inSteps = struct<Omit<VestingData, 'totalAmount'>>({ owner, startTime: time, timeStep: time, stepAmount: coin });
const partInSteps = struct<VestingData>({ owner, startTime: time, timeStep: time, stepAmount: coin, totalAmount: coin });

/** Bytes of the three forms. */
const AT_ONCE = 28;
const IN_STEPS = 44;
const PART_IN_STEPS = 52;

/**
 * One of three forms: 28 bytes, all of `value` (Luna) at one time; 44, all of it in steps; 52, the named total in steps and the rest at once.
 * @throws {DecodeError} `invalid-value` for a length, a time or amounts that nodes refuse; else for bytes that are no such data.
 */
export function decodeVestingData(data: Uint8Array, value: number): VestingData {
  switch (data.length) {
    case AT_ONCE:
      return { ...decode(atOnce, data), startTime: 0, stepAmount: value, totalAmount: value };
    case IN_STEPS:
      return { ...decode(inSteps, data), totalAmount: value };
    case PART_IN_STEPS: {
      const vesting = decode(partInSteps, data);
      const { stepAmount, totalAmount } = vesting;
      if (totalAmount > value || stepAmount > totalAmount) throw new DecodeError('invalid-value', 0, `steps of ${stepAmount}, ${totalAmount} in all, of ${value} Luna`);
      return vesting;
    }
    default:
      throw new DecodeError('invalid-value', 0, `vesting data of ${data.length} bytes instead of ${AT_ONCE}, ${IN_STEPS} or ${PART_IN_STEPS}`);
  }
}
