import { useEffect, useState, useSyncExternalStore } from 'react';
import { openVault } from '../vault/open-vault.ts';
import type { Vault, VaultAccount } from '../vault/types.ts';

const none: readonly VaultAccount[] = [];
const nothing = (): (() => void) => () => undefined;

/** The accounts of this browser. `undefined` until they are read. */
export function useVault(): { readonly vault: Vault | undefined; readonly accounts: readonly VaultAccount[]; readonly error: unknown } {
  const [opened, setOpened] = useState<{ readonly vault?: Vault; readonly error?: unknown }>({});
  useEffect(() => {
    let ended = false;
    const opening = openVault();
    opening.then(
      (vault) => !ended && setOpened({ vault }),
      (error: unknown) => !ended && setOpened({ error }),
    );
    return () => {
      ended = true;
      opening.then((vault) => vault.close()).catch(() => undefined);
    };
  }, []);
  const { vault, error } = opened;
  const accounts = useSyncExternalStore(vault ? (listener) => vault.subscribe(listener) : nothing, () => vault?.accounts() ?? none);
  return { vault, accounts, error };
}
