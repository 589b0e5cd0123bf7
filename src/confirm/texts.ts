// Tests: `e2e/confirm.spec.ts`.
import { formatDateTime, formatNumber } from '../page/format.ts';
import { formatNim } from '../ui/nim.ts';
import type { StakingFacts } from './read-transaction.ts';
import type { Acquaintance } from '../page/accounts/known-recipient.ts';

/** The texts of the page where a person confirms. */
export const texts = {
  page: 'Confirm',
  waiting: 'Asking the site what it wants …',
  titles: { accounts: 'wants to see your addresses', payment: 'asks you to pay', staking: 'asks you to change your stake', message: 'asks you to sign a message' },
  notEncrypted: 'The connection of this site is not encrypted: others in the network can change what it says.',
  otherLetters: 'The name of this site has letters beyond a to z. It may look like the name of another site.',
  development: 'Development network: its NIM have no value.',

  amount: 'Amount',
  fee: 'Fee',
  noFee: 'No fee',
  highFee: 'This fee is far higher than usual. It goes to validators and does not come back.',
  total: 'In total',
  recipient: 'To',
  sender: 'From',
  signer: 'Signed with the key of',
  stake: 'Your stake',
  validator: 'Validator',
  message: 'Message',
  noMessage: 'No message',
  asHex: 'The same in bytes',
  unclean: 'Parts of this text are hidden or look like something else. They are marked with their number in Unicode.',
  hiddenPart: (codePoint: string) => `hidden character ${codePoint}`,
  alikePart: (codePoint: string) => `character ${codePoint} that looks like another one`,
  notText: 'These bytes are no text.',
  signNote: 'This signature proves to the site that you have the key of this address. It moves no NIM.',

  acquaintance: {
    own: 'One of your own addresses',
    never: 'You have never paid this address',
    'not-lately': 'Not among the addresses that you paid lately',
    unknown: 'Whether you paid this address before is not known yet',
  },
  paid: (last: string) => `You paid this address before, last on ${last}`,
  lookAlike: 'Careful: this looks like an address that you know, but it is another one. You know:',

  balance: 'Balance',
  asking: 'Asking for the balance and a proof of it …',
  provenAt: (height: number) => `proven at block ${formatNumber(height)}`,
  canChange: 'can still change',
  final: 'final',
  tooLittle: (missing: string) => `${missing} are missing for this.`,
  newest: (height: string) => `Block ${height}`,
  connecting: 'Connecting to the network …',
  offline: 'Petrel reaches no peer of the network, so nothing can be confirmed at the moment.',

  choose: 'Which addresses may the site see?',
  chooseNote: 'It can see their balances and payments. It cannot spend anything.',
  again: (date: string) => `This site could already see the marked addresses, last on ${date}.`,
  notShared: 'The site names this address, but you did not share it here.',
  unnamed: 'Account without a name',

  password: 'Password',
  passwordOf: (account: string) => `Password of “${account}”`,
  withPasskey: 'Use passkey',
  confirm: { accounts: 'Share', payment: 'Pay', staking: 'Sign', message: 'Sign' },
  pay: (amount: string) => `Pay ${amount}`,
  reject: 'Reject',
  wait: 'One moment: input counts after half a second.',
  unlocking: 'Unlocking the account …',
  sending: 'Giving it to the network …',
  done: 'Done. You can close this window.',
  doneRejected: 'Rejected. You can close this window.',
  needs: {
    chain: 'You can confirm as soon as Petrel follows the chain.',
    balance: 'You can confirm as soon as the balance is proven.',
    money: 'This address has too little NIM.',
    self: 'This address is the recipient. Choose another one.',
    choice: 'Choose at least one address.',
    seen: 'Scroll down to see all that you confirm.',
  },

  noAccountTitle: 'There is no account in this browser yet',
  noAccount: 'Make or import one in the wallet. This page goes on by itself when it is there.',
  noKeyTitle: 'You do not have the key of this address',
  noKey: 'The site wants you to use an address that is in no account of this browser.',
  openWallet: 'Open the wallet',
  tellSite: 'Tell the site, and close',
  memoryOnly: 'This browser stores nothing for Petrel: accounts end with the page in which they were made.',
  vaultFailed: 'The accounts of this browser cannot be read.',

  framedTitle: 'This page does not work inside another page',
  framed: 'Who shows it inside another page could draw over it. Close it, and open the site’s own window again.',
  nothingTitle: 'There is nothing to confirm',
  nothing: 'This page opens when a site asks for a payment, an address or a signature. No site has asked.',
  badReturnTitle: 'This link is not complete',
  badReturn: 'It does not say to which site the answer goes, so nothing can be confirmed here.',
  otherSiteTitle: 'This link does not come from the site that it names',
  otherSite: 'Another page may have made it to be paid in the name of that site, so nothing can be confirmed here. Go to the site itself and begin again.',
  badRequestTitle: 'This request cannot be shown',
  badRequest: (field: string) => `The site asks for something that Petrel does not understand (${field}). Nothing was signed.`,
  back: 'Back to the site',

  grantsTitle: 'What sites may see',
  grantsNote: 'These sites can see the addresses below, with their balances and payments. They can spend nothing. A site that is not used for 30 days is removed.',
  noGrants: 'No site may see your addresses.',
  revoke: 'Remove',
  revokeOf: (host: string) => `Remove ${host}`,
  revoked: (host: string) => `${host} was removed.`,
  lastUsed: (date: string) => `last used on ${date}`,
  grantsInMemory: 'This browser stores nothing for Petrel, so what is allowed ends with the page.',
} as const;

export function acquaintanceText(it: Acquaintance): string {
  return it.kind === 'paid' ? texts.paid(formatDateTime(it.last)) : texts.acquaintance[it.kind];
}

/** What a staking transaction does, in a sentence. `value`: luna. */
export function stakingText({ action, amount, delegation, reactivateAllStake }: StakingFacts, value: bigint): string {
  switch (action) {
    case 'create-staker':
      return `Begin staking with ${formatNim(value)}${delegation === undefined ? ', without a validator' : ''}.`;
    case 'add-stake':
      return `Add ${formatNim(value)} to your stake.`;
    case 'update-staker':
      return `${delegation === undefined ? 'Take your stake away from its validator.' : 'Give your stake to this validator.'}${reactivateAllStake ? ' All of it becomes active.' : ''}`;
    case 'set-active-stake':
      return `Make ${formatNim(amount ?? 0n)} of your stake active, and the rest inactive.`;
    case 'retire-stake':
      return `Retire ${formatNim(amount ?? 0n)} of your inactive stake, so that it can be taken out.`;
    case 'remove-stake':
      return `Take ${formatNim(value)} out of your retired stake.`;
  }
}

/** Why nothing was signed, by the code of the error. Other codes have the texts of all pages. */
export const problems: ReadonlyMap<string, string> = new Map([
  ['wrong-password', 'This password does not open the account.'],
  ['damaged-record', 'The account’s record in this browser is damaged. Import the account again from its words or its key file.'],
  ['newer-record', 'A newer version of Petrel wrote this account’s record. Reload the page.'],
  ['no-account', 'The account was removed in another tab.'],
  ['locked', 'The account was locked. Enter the password again.'],
  ['no-passkey', 'This passkey does not open the account. Use the password.'],
  ['passkey-failed', 'The passkey was not used. Try again, or use the password.'],
  ['not-what-was-shown', 'The transaction that came out was not the one that is shown. It was thrown away. This is an error in Petrel: please report it.'],
  ['invalid-transaction', 'The network does not take this transaction. It was not sent.'],
  ['foreign-address', 'The account has no key of this address.'],
]);
