import { useState } from 'react';
import type { VaultAccount } from '../../vault/types.ts';
import { Form } from '../parts/Form.tsx';
import { TextField } from '../parts/TextField.tsx';
import { useWork } from '../use-work.ts';
import type { WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';

/** Deletes the keys from this browser, after a typed word. */
export function RemoveAccount({ page: { vault, open }, account }: { readonly page: WalletPage; readonly account: VaultAccount }) {
  const [typed, setTyped] = useState('');
  const work = useWork();
  const remove = () =>
    work.run(async () => {
      open.get(account.id)?.lock();
      await vault.remove(account.id);
    });
  return (
    <Form work={work} submit={walletTexts.removeNow} busy={walletTexts.removeNow} danger disabled={typed.trim().toLowerCase() !== walletTexts.removeWord} onSubmit={remove}>
      <p className="warn">{walletTexts.removeText}</p>
      {!account.backedUp && <p className="bad">{walletTexts.backup}. {walletTexts.backupText(account.label)}</p>}
      <TextField label={walletTexts.removeType(walletTexts.removeWord)} value={typed} onText={setTyped} autoComplete="off" autoCapitalize="none" spellCheck={false} />
    </Form>
  );
}
