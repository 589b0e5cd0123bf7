import { networkNamed } from '../client/networks.ts';
import type { ClientOptions } from '../client/create-client.ts';
import type { Client, Status } from '../client/types.ts';
import { validityOf } from '../keys/network-policy.ts';
import type { Vault, VaultAccount } from '../vault/types.ts';
import { type KeptValue, keptValue, pageStorage } from './kept/kept-value.ts';
import { isAddress } from './kept/fields.ts';
import { type Labels, readLabels } from './kept/labels.ts';
import { type LastBalances, readLastBalances } from './kept/last-balances.ts';
import { type Payments, readPayments } from './kept/payments.ts';
import { type OpenAccounts, openAccounts } from './open-accounts.ts';

/** What of a network a payment needs. */
export interface PaymentNetwork {
  readonly id: number;
  /** Blocks in which a transaction is valid. */
  readonly window: number;
}

/** What this browser keeps for the wallet beside the vault. */
export interface KeptValues {
  readonly labels: KeptValue<Labels>;
  readonly balances: KeptValue<LastBalances>;
  readonly payments: KeptValue<Payments>;
  /** The address whose history is shown; empty: the first. */
  readonly selected: KeptValue<string>;
}

/** What all parts of the page use. */
export interface WalletPage extends KeptValues {
  /** Undefined while it starts: accounts are shown all the same. */
  readonly client: Client | undefined;
  readonly status: Status | undefined;
  readonly vault: Vault;
  readonly accounts: readonly VaultAccount[];
  readonly open: OpenAccounts;
  readonly network: PaymentNetwork;
  /** The development network's banner is shown. */
  readonly development: boolean;
}

/** An address of one of the accounts. */
export interface OwnAddress {
  readonly account: VaultAccount;
  readonly address: string;
  /** The name that is shown. */
  readonly name: string;
}

export function ownAddresses(accounts: readonly VaultAccount[]): readonly OwnAddress[] {
  return accounts.flatMap((account) => account.addresses.map(({ address, label }, place) => ({ account, address, name: label || (place === 0 ? account.label : `${account.label} · ${place + 1}`) })));
}

export const canSend = (status: Status | undefined): boolean => status?.consensus === 'established';

/** The network's numbers, and what is kept for it. Another network has other balances and payments; names of people are the same. */
export async function openNetwork(network: ClientOptions['network']): Promise<{ readonly network: PaymentNetwork } & KeptValues & { readonly open: OpenAccounts }> {
  const { networkId, genesisHash } = typeof network === 'string' ? await networkNamed(network) : network;
  const chain = `petrel-wallet/${String(genesisHash).slice(0, 16)}`;
  const storage = pageStorage();
  const events = globalThis.window;
  return {
    network: { id: networkId, window: validityOf(networkId).validityWindowBlocks },
    labels: keptValue({ storage, key: 'petrel-wallet/labels', read: readLabels, events }),
    selected: keptValue({ storage, key: 'petrel-wallet/selected', read: (stored) => (isAddress(stored) ? stored : ''), events }),
    balances: keptValue({ storage, key: `${chain}/balances`, read: readLastBalances, events }),
    payments: keptValue({ storage, key: `${chain}/payments`, read: readPayments, events }),
    open: openAccounts(),
  };
}

/** What to call an address: the name in the address book, or of the own account. */
export function namesOf(book: Labels, accounts: readonly VaultAccount[]): ReadonlyMap<string, string> {
  return new Map([...Object.entries(book), ...ownAddresses(accounts).map(({ address, name }) => [address, name] as const)]);
}
