import { useState } from 'react';
import type { Vault, VaultAccount } from '../../vault/types.ts';
import { Form } from '../parts/Form.tsx';
import { NewPassword, noPasswords, passwordsProblem } from '../parts/NewPassword.tsx';
import { PasswordField } from '../parts/PasswordField.tsx';
import { useWork } from '../use-work.ts';
import { walletTexts } from '../wallet-texts.ts';

export function ChangePassword({ vault, account }: { readonly vault: Vault; readonly account: VaultAccount }) {
  const [old, setOld] = useState('');
  const [passwords, setPasswords] = useState(noPasswords);
  const [done, setDone] = useState(false);
  const work = useWork();
  const change = () => {
    const problem = passwordsProblem(passwords);
    if (problem) return work.refuse(problem);
    work.run(async () => {
      await vault.changePassword(account.id, old, passwords.first);
      setOld('');
      setPasswords(noPasswords);
      setDone(true);
    });
  };
  return (
    <Form work={work} submit={walletTexts.changePassword} busy={walletTexts.creating} onSubmit={change}>
      <PasswordField label={walletTexts.oldPassword} value={old} onText={setOld} autoComplete="current-password" />
      <NewPassword value={passwords} onChange={setPasswords} label={walletTexts.newPassword} />
      {done && <p role="status">{walletTexts.done}</p>}
    </Form>
  );
}
