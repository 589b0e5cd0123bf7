/** The two forms on the wire. As in the official client, each number also gives its name. */
export const TransactionFormat = { Basic: 0, Extended: 1, 0: 'Basic', 1: 'Extended' } as const;
export type TransactionFormat = 0 | 1;
