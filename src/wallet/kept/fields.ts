import { validAddress } from '../../page/accounts/address-of.ts';

/** Checks of values that were read from the browser's storage. */

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
export const isText = (value: unknown, max: number): value is string => typeof value === 'string' && value.length <= max;
/** Luna as a decimal text. */
export const isAmount = (value: unknown): value is string => typeof value === 'string' && /^\d{1,16}$/u.test(value);
export const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
/** Unix milliseconds that a date can have: a later one cannot be drawn. */
export const isTime = (value: unknown): value is number => isWhole(value) && value <= 8_640_000_000_000_000;
export const isAddress = (value: unknown): value is string => typeof value === 'string' && validAddress(value) === value;
