/** An account's kind. As in the official client, each number also gives its name. */
export const AccountType = { Basic: 0, Vesting: 1, HTLC: 2, Staking: 3, 0: 'Basic', 1: 'Vesting', 2: 'HTLC', 3: 'Staking' } as const;
export type AccountType = 0 | 1 | 2 | 3;
