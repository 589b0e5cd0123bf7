import type { AccountView, Answer } from '../../client/types.ts';
import { fieldsOf, isAddress, isAmount, isTime, isWhole } from './fields.ts';
import type { KeptValue } from './kept-value.ts';

/** A balance that was proven once, for the time when no peer can be asked. */
export interface LastBalance {
  /** Luna as a decimal text. */
  readonly luna: string;
  readonly height: number;
  /** Of the block; Unix milliseconds. */
  readonly time: number;
}

export type LastBalances = Readonly<Record<string, LastBalance>>;

const MAX_KEPT = 500;

export function readLastBalances(stored: unknown): LastBalances {
  const good = (value: unknown): value is LastBalance => {
    const { luna, height, time } = fieldsOf(value);
    return isAmount(luna) && isWhole(height) && isTime(time);
  };
  return Object.fromEntries(Object.entries(fieldsOf(stored)).filter((entry): entry is [string, LastBalance] => isAddress(entry[0]) && good(entry[1])).slice(0, MAX_KEPT));
}

/** Keeps a proven balance; nothing is written if the same balance is kept from a block less than `SAME_BATCH` blocks away. */
export function keepBalance(balances: KeptValue<LastBalances>, address: string, { value, block }: Answer<AccountView>): void {
  const before = balances.get()[address];
  const luna = String(value.balance);
  if (before && before.luna === luna && Math.abs(before.height - block.height) < SAME_BATCH) return;
  balances.update((all) => ({ ...all, [address]: { luna, height: block.height, time: block.timestamp } }));
}

/** Blocks. */
const SAME_BATCH = 60;
