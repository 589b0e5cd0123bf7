import { toHex } from '../../src/base/bytes.ts';
import type { HistoricTransaction } from '../../src/chains/albatross/wire/history.ts';
import type { RequestBody, ResponseBody } from '../../src/chains/albatross/wire/requests.ts';
import type { AddressNotification } from '../../src/chains/albatross/wire/gossip.ts';
import { notifiedAddresses } from './entry-addresses.ts';
import { entryHash } from './entry-hash.ts';

/** Both are checked with `>` before anything is added. Albatross proofs reference, 5.5. */
const MAX_PEERS = 50;
const MAX_ADDRESSES = 250;

/** The addresses that a peer's clients want to hear about. */
export class Subscriptions {
  /** Addresses as hex by the client's peer id. */
  readonly #addresses = new Map<string, Set<string>>();

  answer(client: string, { operation, addresses }: RequestBody<'subscribe'>): ResponseBody<'subscribe'> {
    const own = this.#addresses.get(client) ?? new Set();
    if (operation === 'unsubscribe') {
      if (own.size === 0) return { ok: false, error: 'InvalidOperation' };
      for (const address of addresses) own.delete(toHex(address));
      if (own.size === 0) this.#addresses.delete(client);
      return { ok: true, value: undefined };
    }
    if (this.#addresses.size > MAX_PEERS) return { ok: false, error: 'TooManyPeers' };
    if (own.size > MAX_ADDRESSES) return { ok: false, error: 'TooManyAddresses' };
    for (const address of addresses) own.add(toHex(address));
    this.#addresses.set(client, own);
    return { ok: true, value: undefined };
  }

  /** A client left: its subscriptions die with its last connection. */
  left(client: string): void {
    this.#addresses.delete(client);
  }

  clear(): void {
    this.#addresses.clear();
  }

  /** What each client is told about the events of a block. */
  notifications(entries: readonly HistoricTransaction[]): readonly { readonly client: string; readonly message: AddressNotification }[] {
    const events = entries.map((entry) => ({ entry, addresses: notifiedAddresses(entry).map(toHex) }));
    return [...this.#addresses].flatMap(([client, wanted]) => {
      const receipts = events.filter(({ addresses }) => addresses.some((address) => wanted.has(address))).map(({ entry }) => ({ transactionHash: entryHash(entry), blockNumber: entry.blockNumber }));
      return receipts.length === 0 ? [] : [{ client, message: { event: 'blockchain-extend', receipts } as const }];
    });
  }
}
