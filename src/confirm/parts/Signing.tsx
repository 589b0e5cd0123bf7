import { type ReactNode, useRef, useState } from 'react';
import { problemOf } from '../../page/problem-of.ts';
import { textOf } from '../../page/code-texts.ts';
import type { Unlocked, Vault, VaultAccount } from '../../vault/types.ts';
import { problems, texts } from '../texts.ts';
import { useSeen } from '../use-seen.ts';
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
  /** What is signed. It must have been in view to its end. */
  readonly facts: ReactNode;
  readonly children: ReactNode;
}

interface Entered {
  /** The account that it is for. */
  readonly id: string | undefined;
  readonly password: string;
  readonly problem: string | undefined;
}

/** What is shown, the password, and the two buttons. */
export function Signing({ vault, account, confirm, needs: wants, onConfirm, onReject, facts, children }: Props) {
  const id = account?.id;
  const [entered, setEntered] = useState<Entered>({ id, password: '', problem: undefined });
  const [busy, setBusy] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const end = useRef<HTMLSpanElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const isDrawn = facts !== undefined;
  const seen = useSeen(end, bar, isDrawn);
  const needs = wants ?? (seen ? undefined : texts.needs.seen);
  // Another account has another password.
  const { password, problem } = entered.id === id ? entered : { password: '', problem: undefined };
  const run = async (unlock: (id: string) => Promise<Unlocked>): Promise<void> => {
    if (id === undefined || busy !== undefined || needs !== undefined) return;
    setEntered({ id, password, problem: undefined });
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
      setEntered({ id, password, problem: problems.get(code) ?? textOf(code, data) });
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
      {facts}
      {isDrawn && <span ref={end} className="end-of-facts" />}
      {children}
      <Actions bar={bar} confirm={confirm} needs={needs} busy={busy} problem={problem} onReject={onReject}>
        {account && (
          <div className="password">
            <label>
              <span className="label">{account.label ? texts.passwordOf(account.label) : texts.password}</span>
              <input ref={field} type="password" autoComplete="current-password" required value={password} onChange={({ target }) => setEntered({ id, password: target.value, problem })} readOnly={busy !== undefined} />
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
