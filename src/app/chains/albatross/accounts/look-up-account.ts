import { accountHref } from '../../../route.ts';
import { addressProblemText } from '../../../../page/accounts/account-texts.ts';
import { addressOf } from '../../../../page/accounts/address-of.ts';

/** The page of an address that was entered, or what is wrong with it. */
export function lookUpAccount(text: string): { readonly href: string } | { readonly problem: string } {
  const read = addressOf(text);
  return 'address' in read ? { href: accountHref(read.address) } : { problem: addressProblemText(read.problem) };
}
