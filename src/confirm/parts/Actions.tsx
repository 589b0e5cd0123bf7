import type { ReactNode, Ref } from 'react';
import { texts } from '../texts.ts';
import { useGuard } from '../use-guard.ts';

interface Props {
  readonly confirm: string;
  /** Why it is not possible yet. */
  readonly needs: string | undefined;
  /** What is going on. */
  readonly busy: string | undefined;
  readonly problem: string | undefined;
  readonly onReject: () => void;
  readonly bar?: Ref<HTMLDivElement>;
  readonly children?: ReactNode;
}

/** The two buttons, always at the bottom of the window, so that nothing that appears above moves them. */
export function Actions({ confirm, needs, busy, problem, onReject, bar, children }: Props) {
  const ready = useGuard();
  return (
    <div ref={bar} className="confirm-actions" data-ready={ready} data-testid="actions">
      {children}
      {problem !== undefined && <p className="bad" role="alert" data-testid="problem">{problem}</p>}
      <p className="hint small quiet" role="status" data-testid="hint">{busy ?? needs ?? (ready ? '' : texts.wait)}</p>
      <div className="buttons">
        <button type="button" className="plain" onClick={onReject} disabled={busy !== undefined}>{texts.reject}</button>
        <button type="submit" disabled={needs !== undefined || busy !== undefined}>{confirm}</button>
      </div>
      <span className="guard" aria-hidden="true" />
    </div>
  );
}
