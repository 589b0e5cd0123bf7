import { useState } from 'react';
import { walletTexts } from '../wallet-texts.ts';
import { TextField } from './TextField.tsx';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly autoComplete: 'current-password' | 'new-password' | 'off';
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly autoFocus?: boolean;
}

/** A password that can be shown while it is entered. */
export function PasswordField({ label, autoFocus, ...field }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      label={label}
      type={shown ? 'text' : 'password'}
      required
      autoCapitalize="none"
      spellCheck={false}
      {...(autoFocus ? { autoFocus } : {})}
      {...field}
      beside={
        <button type="button" className="plain" aria-label={`${shown ? walletTexts.hide : walletTexts.show}: ${label}`} aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? walletTexts.hide : walletTexts.show}
        </button>
      }
    />
  );
}
