import { expect, it } from 'vitest';
import type { VaultAccount } from '../vault/types.ts';
import { namesOf } from './wallet-page.ts';

it('an address is called as its own account, else as in the address book', () => {
  const addresses = ['', 'Rent', ''].map((label, index) => ({ path: undefined, address: `NQ0${index + 1}`, label }));
  const account: VaultAccount = { id: '0'.repeat(32), label: 'Savings', kind: 'words', addresses, backedUp: true, passkey: false };
  expect([...namesOf({ NQ09: 'Ada', NQ01: 'old name' }, [account])]).toEqual([['NQ09', 'Ada'], ['NQ01', 'Savings'], ['NQ02', 'Rent'], ['NQ03', 'Savings · 3']]);
});
