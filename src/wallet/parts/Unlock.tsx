import { type ReactNode, useState } from 'react';
import type { Unlocked, Vault, VaultAccount } from '../../vault/types.ts';
import type { OpenAccounts } from '../open-accounts.ts';
import { useWork, type Work } from '../use-work.ts';
import { walletTexts } from '../wallet-texts.ts';
import { Form } from './Form.tsx';
import { PasswordField } from './PasswordField.tsx';

interface Props {
  readonly vault: Vault;
  readonly open: OpenAccounts;
  readonly account: VaultAccount;
  readonly submit: string;
  readonly busy: string;
  /** Runs with the opened account; its error is shown in this form. */
  readonly then: (unlocked: Unlocked) => Promise<void> | void;
  readonly onCancel?: (() => void) | undefined;
  readonly cancel?: string;
  readonly disabled?: boolean;
  /** Ask for the password although the account is open: for what shows or gives away the secret. */
  readonly always?: boolean;
  readonly children?: ReactNode;
}

/** Asks for the password, or the passkey, unless the account is open, and then does something with the keys. */
export function Unlock({ vault, open, account, submit, busy, then, onCancel, cancel = walletTexts.cancel, disabled = false, always = false, children }: Props) {
  const [password, setPassword] = useState('');
  const work = useWork();
  const opened = always ? undefined : open.get(account.id);
  const act = (unlock: () => Promise<Unlocked>) =>
    work.run(async () => {
      const unlocked = await unlock();
      open.keep(unlocked);
      setPassword('');
      await then(unlocked);
    });
  return (
    <Form work={work} submit={submit} busy={busy} onCancel={onCancel} cancel={cancel} disabled={disabled} onSubmit={() => act(() => (opened ? Promise.resolve(opened) : vault.unlock(account.id, password)))}>
      {children}
      {!opened && <PasswordField label={walletTexts.unlockTo} value={password} onText={setPassword} autoComplete="current-password" />}
      {!opened && account.passkey && <PasskeyButton work={work} disabled={disabled} onClick={() => act(() => vault.unlockWithPasskey(account.id))} />}
    </Form>
  );
}

function PasskeyButton({ work, disabled, onClick }: { readonly work: Work; readonly disabled: boolean; readonly onClick: () => void }) {
  return (
    <p>
      <button type="button" className="plain" disabled={work.busy || disabled} onClick={onClick}>{walletTexts.passkey}</button>
    </p>
  );
}
