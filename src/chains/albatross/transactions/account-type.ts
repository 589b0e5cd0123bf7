/** What an account is, as one byte on the wire: 0 basic, 1 vesting contract, 2 HTLC, 3 staking contract. */
export const accountTypes = { basic: 0, vesting: 1, htlc: 2, staking: 3 } as const;

/** Bits of a transaction's flags. */
export const transactionFlags = { contractCreation: 1, signaling: 2 } as const;

/** The account of the staking contract: 19 zero bytes and a one. */
export const stakingContractAddress: Uint8Array = new Uint8Array(20).fill(1, 19);
