import { useState } from 'react';
import type { VaultAccount } from '../../vault/types.ts';
import { download } from '../../page/download.ts';
import { NewPassword, noPasswords, passwordsProblem } from '../parts/NewPassword.tsx';
import { Unlock } from '../parts/Unlock.tsx';
import type { WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';

/** Saves the encrypted key, with a password of the file. That counts as a backup. */
export function SaveKeyFile({ page: { vault, open }, account, onSaved }: { readonly page: WalletPage; readonly account: VaultAccount; readonly onSaved?: () => void }) {
  const [passwords, setPasswords] = useState(noPasswords);
  const [done, setDone] = useState(false);
  const problem = passwordsProblem(passwords);
  return (
    <Unlock
      vault={vault}
      open={open}
      account={account}
      always
      submit={walletTexts.exportFile}
      busy={walletTexts.creating}
      disabled={problem !== ''}
      then={async (unlocked) => {
        const text = await unlocked.exportKeyFile(passwords.first);
        download(`nimiq-key-${account.addresses[0]!.address.slice(0, 9).replace(' ', '')}.txt`, `${text}\n`, 'text/plain');
        await vault.markBackedUp(account.id);
        setDone(true);
        onSaved?.();
      }}
    >
      <p className="small quiet">{walletTexts.exportFileText}</p>
      <NewPassword value={passwords} onChange={setPasswords} label={walletTexts.filePassword} hint="" />
      {done && <p role="status">{walletTexts.exported}</p>}
    </Unlock>
  );
}
