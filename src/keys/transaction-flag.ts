/** The special purpose of a transaction. As in the official client, each number also gives its name. */
export const TransactionFlag = { None: 0, ContractCreation: 1, Signaling: 2, 0: 'None', 1: 'ContractCreation', 2: 'Signaling' } as const;
export type TransactionFlag = 0 | 1 | 2;
