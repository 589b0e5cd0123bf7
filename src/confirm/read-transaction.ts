import { fromHex } from '../base/bytes.ts';
import { Transaction } from '../keys/transaction.ts';

/** What the page shows of a transaction: all of it is read from the bytes that are signed. Amounts are luna. */
export interface TransactionFacts {
  readonly sender: string;
  readonly recipient: string;
  readonly value: bigint;
  readonly fee: bigint;
  readonly networkId: number;
  /** The data of a payment; empty for staking. */
  readonly data: Uint8Array;
  readonly staking: StakingFacts | undefined;
}

export interface StakingFacts {
  readonly action: 'create-staker' | 'add-stake' | 'update-staker' | 'set-active-stake' | 'retire-stake' | 'remove-stake';
  /** The staker that gets the stake of `add-stake`. */
  readonly staker: string | undefined;
  /** The validator; undefined: none. */
  readonly delegation: string | undefined;
  readonly reactivateAllStake: boolean;
  /** Of `set-active-stake` and `retire-stake`, which carry no value. */
  readonly amount: bigint | undefined;
}

const none = { staker: undefined, delegation: undefined, reactivateAllStake: false, amount: undefined };

/**
 * Reads the bytes of a transaction. Undefined if it is of a kind that this page never signs: then nothing of it may be shown as harmless.
 * @throws {KeysError} if the bytes are no transaction.
 */
export function readTransaction(bytes: Uint8Array): TransactionFacts | undefined {
  const transaction = Transaction.deserialize(bytes);
  const { sender, senderType, recipient, recipientType, data, ...plain } = transaction.toPlain();
  const { raw: senderData, type: withdrawal } = plain.senderData ?? { raw: '', type: 'raw' };
  const facts = { sender, recipient, value: transaction.value, fee: transaction.fee, networkId: transaction.networkId };
  if (senderType === 'basic' && recipientType === 'basic' && transaction.flags === 0 && senderData === '') return { ...facts, data: fromHex(data.raw), staking: undefined };
  if (senderType === 'staking' && recipientType === 'basic' && withdrawal === 'remove-stake' && data.raw === '') return { ...facts, data: new Uint8Array(0), staking: { ...none, action: 'remove-stake' } };
  if (senderType !== 'basic' || recipientType !== 'staking' || senderData !== '') return undefined;
  const staking = stakingOf(data);
  return staking && { ...facts, data: new Uint8Array(0), staking };
}

function stakingOf(data: ReturnType<Transaction['toPlain']>['data']): StakingFacts | undefined {
  switch (data.type) {
    case 'create-staker':
      return { ...none, action: data.type, delegation: data.delegation };
    case 'add-stake':
      return { ...none, action: data.type, staker: data.staker };
    case 'update-staker':
      return { ...none, action: data.type, delegation: data.newDelegation, reactivateAllStake: data.reactivateAllStake };
    case 'set-active-stake':
      return { ...none, action: data.type, amount: BigInt(data.newActiveBalance) };
    case 'retire-stake':
      return { ...none, action: data.type, amount: BigInt(data.retireStake) };
    default:
      return undefined;
  }
}

/** Whether a person who saw the one has seen all of the other. */
export function sameFacts(a: TransactionFacts, b: TransactionFacts): boolean {
  return textOf(a) === textOf(b);
}

function textOf(facts: TransactionFacts): string {
  return JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? Array.from(value) : value === undefined ? 'none' : value));
}
