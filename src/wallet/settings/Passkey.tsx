import { useEffect, useState } from 'react';
import type { Vault, VaultAccount } from '../../vault/types.ts';
import { Fold } from '../parts/Fold.tsx';
import { Form } from '../parts/Form.tsx';
import { PasswordField } from '../parts/PasswordField.tsx';
import { useWork } from '../use-work.ts';
import { walletTexts } from '../wallet-texts.ts';

/** A passkey beside the password, in browsers that have passkeys. */
export function Passkey({ vault, account }: { readonly vault: Vault; readonly account: VaultAccount }) {
  const [supported, setSupported] = useState(false);
  useEffect(() => void vault.supportsPasskeys().then(setSupported, () => undefined), [vault]);
  if (account.passkey) return <Fold title={walletTexts.removePasskey}><RemovePasskey vault={vault} account={account} /></Fold>;
  return supported ? <Fold title={walletTexts.addPasskey}><AddPasskey vault={vault} account={account} /></Fold> : null;
}

function AddPasskey({ vault, account }: { readonly vault: Vault; readonly account: VaultAccount }) {
  const [password, setPassword] = useState('');
  const work = useWork();
  return (
    <Form work={work} submit={walletTexts.addPasskey} busy={walletTexts.unlocking} onSubmit={() => work.run(() => vault.addPasskey(account.id, password))}>
      <p className="small quiet">{walletTexts.addPasskeyText}</p>
      <PasswordField label={walletTexts.unlockTo} value={password} onText={setPassword} autoComplete="current-password" />
    </Form>
  );
}

function RemovePasskey({ vault, account }: { readonly vault: Vault; readonly account: VaultAccount }) {
  const work = useWork();
  return (
    <Form work={work} submit={walletTexts.removePasskey} busy={walletTexts.removePasskey} onSubmit={() => work.run(() => vault.removePasskey(account.id))}>
      <p className="small quiet">{walletTexts.passkeyOn}</p>
    </Form>
  );
}
