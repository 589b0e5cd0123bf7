import type { AccountView } from '../client/types.ts';

/** Amounts are in Luna, addresses in the user-friendly form. */
export interface PlainBasicAccount {
  balance: number;
}

export interface PlainVestingContract {
  balance: number;
  owner: string;
  /** Unix milliseconds. */
  startTime: number;
  /** Milliseconds. */
  timeStep: number;
  stepAmount: number;
  totalAmount: number;
}

export interface PlainHtlcContract {
  balance: number;
  sender: string;
  recipient: string;
  hashAlgorithm: string;
  hashRoot: string;
  hashCount: number;
  /** Unix milliseconds. */
  timeout: number;
  totalAmount: number;
}

export interface PlainStakingContract {
  balance: number;
  /** Address and stake. */
  activeValidators: [string, number][];
  /** Address and slots. */
  currentEpochDisabledSlots: [string, number[]][];
  previousDisabledSlots: number[];
}

export type PlainAccount =
  | ({ type: 'basic' } & PlainBasicAccount)
  | ({ type: 'vesting' } & PlainVestingContract)
  | ({ type: 'htlc' } & PlainHtlcContract)
  | ({ type: 'staking' } & PlainStakingContract);

/** A copy that its owner may change. */
export function plainAccount(view: AccountView): PlainAccount {
  if (view.type !== 'staking') return { ...view };
  return {
    ...view,
    activeValidators: view.activeValidators.map(([address, stake]) => [address, stake]),
    currentEpochDisabledSlots: view.currentEpochDisabledSlots.map(([address, slots]) => [address, [...slots]]),
    previousDisabledSlots: [...view.previousDisabledSlots],
  };
}
