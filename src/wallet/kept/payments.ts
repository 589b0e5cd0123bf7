import type { TransactionState } from '../../client/types.ts';
import { fieldsOf, isAddress, isAmount, isText, isTime, isWhole } from './fields.ts';
import type { KeptValue } from './kept-value.ts';

/** A payment that was signed in this browser. */
export interface Payment {
  readonly hash: string;
  /** The signed transaction, hex: it may have to be sent again. */
  readonly bytes: string;
  readonly sender: string;
  readonly recipient: string;
  /** Luna as decimal texts. */
  readonly value: string;
  readonly fee: string;
  readonly message: string;
  /** The first block of its validity window. */
  readonly start: number;
  /** When it was signed; Unix milliseconds. */
  readonly time: number;
  readonly state: TransactionState;
  /** Its block, if it is in one. */
  readonly height?: number | undefined;
}

/** The newest first. */
export type Payments = readonly Payment[];

const MAX_KEPT = 50;
const MAX_BYTES = 2_000;
const states: readonly string[] = ['sent', 'included', 'confirmed', 'expired', 'reverted'] satisfies readonly TransactionState[];

export function readPayments(stored: unknown): Payments {
  return Array.isArray(stored) ? stored.filter((each) => isPayment(each)).slice(0, MAX_KEPT) : [];
}

function isPayment(stored: unknown): stored is Payment {
  const { hash, bytes, sender, recipient, value, fee, message, start, time, state, height } = fieldsOf(stored);
  return (
    isText(hash, 64) && /^[\da-f]{64}$/u.test(hash) && isText(bytes, MAX_BYTES) && /^(?:[\da-f]{2})+$/u.test(bytes) && isAddress(sender) && isAddress(recipient) &&
    isAmount(value) && isAmount(fee) && isText(message, 64) && isWhole(start) && isTime(time) && states.includes(String(state)) && (height === undefined || isWhole(height))
  );
}

/** Of too many, the oldest settled ones go first. */
export function addPayment(payments: KeptValue<Payments>, payment: Payment): void {
  payments.update((before) => {
    const all = [payment, ...before.filter(({ hash }) => hash !== payment.hash)];
    const open = all.filter(({ state }) => !isSettled(state));
    const room = Math.max(0, MAX_KEPT - open.length);
    const kept = new Set([...open, ...all.filter(({ state }) => isSettled(state)).slice(0, room)]);
    return all.filter((each) => kept.has(each)).slice(0, MAX_KEPT);
  });
}

/** Forgets a payment that was not sent. */
export function dropPayment(payments: KeptValue<Payments>, hash: string): void {
  payments.update((before) => before.filter((each) => each.hash !== hash));
}

/** Nothing is written if it is known already. A final payment stays final. */
export function setPaymentState(payments: KeptValue<Payments>, hash: string, state: TransactionState, height: number | undefined): void {
  const known = payments.get().find((each) => each.hash === hash);
  if (!known || known.state === 'confirmed' || (known.state === state && (height === undefined || known.height === height))) return;
  payments.update((before) => before.map((each) => (each.hash === hash ? { ...each, state, height: state === 'included' || state === 'confirmed' ? (height ?? each.height) : undefined } : each)));
}

/** Nothing can come after these. */
export const isSettled = (state: TransactionState): boolean => state === 'confirmed' || state === 'expired';
