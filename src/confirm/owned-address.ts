import type { VaultAccount, VaultAddress } from '../vault/types.ts';

/** An address with the account that has its key. */
export interface OwnedAddress extends Pick<VaultAddress, 'address'> {
  readonly account: VaultAccount;
  /** Of the address or of its account; may be empty. */
  readonly label: string;
}

export function ownedAddresses(accounts: readonly VaultAccount[]): readonly OwnedAddress[] {
  return accounts.flatMap((account) => account.addresses.map(({ address, label }) => ({ address, account, label: label || account.label })));
}
