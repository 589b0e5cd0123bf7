import type { ReactNode } from 'react';
import { walletTexts } from '../wallet-texts.ts';
import type { Work } from '../use-work.ts';

interface Props {
  readonly work: Work;
  readonly onSubmit: () => void;
  readonly submit: string;
  /** Shown on the button while the action runs. */
  readonly busy: string;
  readonly children?: ReactNode;
  readonly onCancel?: (() => void) | undefined;
  readonly cancel?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
}

/** A form with its problem and its buttons. */
export function Form({ work, onSubmit, submit, busy, children, onCancel, cancel = walletTexts.cancel, danger = false, disabled = false }: Props) {
  return (
    <form
      className="form"
      aria-busy={work.busy}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <p className="bad problem-line" role="alert" data-testid="form-problem">{work.problem}</p>
      <p className="actions">
        {onCancel && <button type="button" className="plain" onClick={onCancel}>{cancel}</button>}
        <button type="submit" className={danger ? 'danger' : undefined} disabled={work.busy || disabled}>{work.busy ? busy : submit}</button>
      </p>
    </form>
  );
}
