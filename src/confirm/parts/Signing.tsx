import { type ReactNode, useEffect, useRef, useState } from 'react';
import { problemOf } from '../../page/problem-of.ts';
import { textOf } from '../../page/texts.ts';
import type { Unlocked, Vault, VaultAccount } from '../../vault/types.ts';
import { problems, texts } from '../texts.ts';
import { Actions } from './Actions.tsx';

interface Props {
  readonly vault: Vault;
  /** Whose key signs; undefined: none is chosen yet. */
  readonly account: VaultAccount | undefined;
  readonly confirm: string;
  readonly needs: string | undefined;
  /** Signs and answers. The account is locked again when it ends. */
  readonly onConfirm: (unlocked: Unlocked, say: (text: string) => void) => Promise<void>;
  readonly onReject: () => void;
  readonly children: ReactNode;
}

/** What is shown, the password, and the two buttons. */
export function Signing({ vault, account, confirm, needs, onConfirm, onReject, children }: Props) {
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const id = account?.id;
  // Another account has another password.
  useEffect(() => {
    setPassword('');
    setProblem(undefined);
  }, [id]);
  const run = async (unlock: (id: string) => Promise<Unlocked>): Promise<void> => {
    if (id === undefined || busy !== undefined || needs !== undefined) return;
    setProblem(undefined);
    setBusy(texts.unlocking);
    try {
      const unlocked = await unlock(id);
      try {
        await onConfirm(unlocked, setBusy);
      } finally {
        unlocked.lock();
      }
    } catch (error) {
      const { code, data } = problemOf(error);
      setProblem(problems.get(code) ?? textOf(code, data));
      field.current?.select();
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <form
      className="asked"
      onSubmit={(event) => {
        event.preventDefault();
        void run((id) => vault.unlock(id, password));
      }}
    >
      {children}
      <Actions confirm={confirm} needs={needs} busy={busy} problem={problem} onReject={onReject}>
        {account && (
          <div className="password">
            <label>
              <span className="label">{account.label ? texts.passwordOf(account.label) : texts.password}</span>
              <input ref={field} type="password" autoComplete="current-password" required value={password} onChange={({ target }) => setPassword(target.value)} readOnly={busy !== undefined} />
            </label>
            {account.passkey && (
              <button type="button" className="plain" disabled={busy !== undefined || needs !== undefined} onClick={() => void run((id) => vault.unlockWithPasskey(id))}>
                {texts.withPasskey}
              </button>
            )}
          </div>
        )}
      </Actions>
    </form>
  );
}
