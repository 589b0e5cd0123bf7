import { addressOf, type AddressProblem } from '../../page/accounts/address-of.ts';
import { type AmountProblem, readNim } from '../../ui/read-nim.ts';
import { MAX_MESSAGE, type PaymentToMake } from './make-payment.ts';
import { utf8Length } from './utf8-length.ts';

/** What a person entered. */
export interface PaymentForm {
  readonly recipient: string;
  readonly amount: string;
  readonly message: string;
  /** Luna. */
  readonly fee: bigint;
}

/** What is wrong with each field; undefined where nothing is. */
export interface PaymentProblems {
  readonly recipient?: AddressProblem | undefined;
  /** `zero`: nothing would be paid. `too-much`: more than the balance, less the fee. */
  readonly amount?: AmountProblem | 'zero' | 'too-much' | undefined;
  /** Bytes over the limit. */
  readonly message?: number | undefined;
}

/** @param balance luna of the sender, as it was proven last; undefined if it is not known: then nodes decide. */
export function readPayment({ recipient, amount, message, fee }: PaymentForm, balance: bigint | undefined): { readonly payment: Omit<PaymentToMake, 'sender'> } | { readonly problems: PaymentProblems } {
  const address = addressOf(recipient);
  const value = readNim(amount);
  const over = utf8Length(message) - MAX_MESSAGE;
  const tooMuch = 'luna' in value && balance !== undefined && value.luna + fee > balance;
  if ('address' in address && 'luna' in value && value.luna > 0n && !tooMuch && over <= 0) return { payment: { recipient: address.address, value: value.luna, fee, message } };
  const ofAmount = 'problem' in value ? value.problem : value.luna === 0n ? 'zero' : tooMuch ? 'too-much' : undefined;
  return { problems: { recipient: 'problem' in address ? address.problem : undefined, amount: ofAmount, message: over > 0 ? over : undefined } };
}
