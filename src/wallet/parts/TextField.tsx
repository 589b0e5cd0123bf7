import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly hint?: ReactNode;
  /** Said as soon as it is there. */
  readonly problem?: string | undefined;
  /** Beside the input. */
  readonly beside?: ReactNode;
}

/** One line of text with its label, a hint, and what is wrong with it. */
export function TextField({ id: given, label, value, onText, hint, problem, beside, ...input }: Props) {
  const own = useId();
  const id = given ?? own;
  return (
    <div className="text-field">
      <label htmlFor={id}>{label}</label>
      <div className="with-beside">
        <input id={id} value={value} onChange={({ target }) => onText(target.value)} aria-describedby={`${id}-hint`} aria-invalid={problem ? true : undefined} {...input} />
        {beside}
      </div>
      <div id={`${id}-hint`} className="hint small">
        {problem ? <p className="bad" role="status">{problem}</p> : hint && <div className="quiet">{hint}</div>}
      </div>
    </div>
  );
}
