import { MIN_PASSWORD } from '../../vault/password-key.ts';
import { strengthTexts, walletTexts } from '../wallet-texts.ts';
import { PasswordField } from './PasswordField.tsx';
import { passwordStrength } from './password-strength.ts';

export interface TwoPasswords {
  readonly first: string;
  readonly second: string;
}

export const noPasswords: TwoPasswords = { first: '', second: '' };

/** Why these cannot be used; empty if they can. */
export function passwordsProblem({ first, second }: TwoPasswords): string {
  if (Array.from(first).length < MIN_PASSWORD) return strengthTexts.short;
  return first === second ? '' : walletTexts.mismatch;
}

/** A new password, entered twice, with its strength in words. */
export function NewPassword({ value, onChange, label = walletTexts.password, hint = walletTexts.passwordHint }: { readonly value: TwoPasswords; readonly onChange: (value: TwoPasswords) => void; readonly label?: string; readonly hint?: string }) {
  const strength = passwordStrength(value.first);
  return (
    <>
      <PasswordField label={label} value={value.first} onText={(first) => onChange({ ...value, first })} autoComplete="new-password" hint={hint} />
      {value.first !== '' && (
        <p className="strength small" data-strength={strength} role="status" data-testid="strength">
          <span className="meter" aria-hidden="true" />
          {strengthTexts[strength]}
        </p>
      )}
      <PasswordField
        label={walletTexts.repeat}
        value={value.second}
        onText={(second) => onChange({ ...value, second })}
        autoComplete="new-password"
        problem={value.second !== '' && !value.first.startsWith(value.second) && value.first !== value.second ? walletTexts.mismatch : undefined}
      />
    </>
  );
}
