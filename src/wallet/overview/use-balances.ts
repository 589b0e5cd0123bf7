import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { AccountView, Client } from '../../client/types.ts';
import { accountStore, type KnownAnswer } from '../../react/answer-stores.ts';
import { combineStores } from './combine-stores.ts';
import type { KeptValue } from '../kept/kept-value.ts';
import { keepBalance, type LastBalance, type LastBalances } from '../kept/last-balances.ts';
import { useKept } from '../use-kept.ts';

/** A balance as far as it is known. */
export interface KnownBalance {
  readonly address: string;
  /** Proven by this page; undefined until then. */
  readonly known: KnownAnswer<AccountView> | undefined;
  /** Proven earlier. */
  readonly last: LastBalance | undefined;
  /** Luna: the newest of both; undefined if there is none. */
  readonly luna: bigint | undefined;
}

/** Of no client: always the same array. */
const none = combineStores<KnownAnswer<AccountView>>([]);

/** The balances of addresses, each followed. What is proven is kept for the time without peers. */
export function useBalances(client: Client | undefined, addresses: readonly string[], balances: KeptValue<LastBalances>): readonly KnownBalance[] {
  const key = addresses.join();
  // The stores depend on the addresses, not on the array that they came in.
  // oxlint-disable-next-line react/exhaustive-deps
  const store = useMemo(() => (client ? combineStores<KnownAnswer<AccountView>>(addresses.map((address) => accountStore(client, address))) : none), [client, key]);
  const answers: readonly KnownAnswer<AccountView>[] = useSyncExternalStore(store.subscribe, store.get, store.get);
  const kept = useKept(balances);
  useEffect(() => {
    for (const [place, { latest }] of answers.entries()) {
      const address = key.split(',')[place];
      if (latest && address) keepBalance(balances, address, latest);
    }
  }, [answers, balances, key]);
  return addresses.map((address, place) => {
    const known = answers[place];
    const last = kept[address];
    return { address, known, last, luna: known?.latest ? BigInt(known.latest.value.balance) : last && BigInt(last.luna) };
  });
}
