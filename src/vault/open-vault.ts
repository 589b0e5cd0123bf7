import { systemClock } from '../base/system.ts';
import { StorageError } from '../storage/storage-error.ts';
import { LocalVault, type VaultParts } from './local-vault.ts';
import { browserPasskeys } from './passkey.ts';
import { PASSWORD_COST } from './password-key.ts';
import type { Vault } from './types.ts';
import { DATABASE, IndexedDbVaultRows, MemoryVaultRows, type VaultRows } from './vault-rows.ts';

/**
 * The vault of this origin. If the browser stores nothing, it is in memory and says so (`kind`). `parts`: for tests.
 * @throws {StorageError} `schema-from-the-future`, `no-answer`, `blocked`: there may be accounts, so an empty vault would be a false one.
 */
export async function openVault(parts: Partial<Pick<VaultParts, 'clock' | 'passkeys' | 'cost' | 'persist'>> = {}): Promise<Vault> {
  const rows = await openRows();
  const vault = new LocalVault({
    rows,
    channel: rows.kind === 'stored' && typeof BroadcastChannel !== 'undefined' ? new BroadcastChannel(DATABASE) : undefined,
    clock: parts.clock ?? systemClock,
    passkeys: parts.passkeys ?? browserPasskeys,
    cost: parts.cost ?? PASSWORD_COST,
    persist: parts.persist ?? persist,
  });
  await vault.load();
  return vault;
}

/** Browsers drop the data of sites that are not used for long, unless they were asked to keep it. */
async function persist(): Promise<unknown> {
  return typeof navigator === 'undefined' ? undefined : (navigator.storage as StorageManager | undefined)?.persist();
}

async function openRows(): Promise<VaultRows> {
  const rows = new IndexedDbVaultRows();
  try {
    await rows.all();
    return rows;
  } catch (error) {
    await rows.close();
    if (!(error instanceof StorageError) || error.code !== 'unavailable') throw error;
    return new MemoryVaultRows();
  }
}
