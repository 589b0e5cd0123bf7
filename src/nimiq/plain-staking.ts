/**
 * Stakers and validators as values that JSON can hold. Our client's views have the same fields, so there is nothing to convert but to copy
 * them. Amounts are in Luna, addresses in the user-friendly form, keys in hex; `inactiveFrom`, `jailedFrom` and so on are heights.
 * @module
 */

export interface PlainStaker {
  /** The active stake. */
  balance: number;
  delegation: string | undefined;
  inactiveBalance: number;
  inactiveFrom: number | undefined;
  inactiveRelease: number | undefined;
  retiredBalance: number;
}

export interface PlainValidator {
  signingPublicKey: string;
  votingPublicKey: string;
  rewardAddress: string;
  signalData: string | undefined;
  totalStake: number;
  deposit: number;
  numStakers: number;
  inactiveFrom: number | undefined;
  inactiveRelease: number | undefined;
  retired: boolean;
  jailedFrom: number | undefined;
  jailedRelease: number | undefined;
}

export interface PlainElectedValidator {
  address: string;
  numSlots: number;
}
