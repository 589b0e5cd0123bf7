import { useSyncExternalStore } from 'react';
import type { AppUpdate } from '../app-update.ts';
import { texts } from '../../page/texts.ts';

interface Props {
  readonly update: AppUpdate;
  /** This build cannot continue, whether a newer one was found or not. */
  readonly needed: boolean;
}

/**
 * An unobtrusive offer: the page is never reloaded while the user reads. The element exists before its text, so that screen readers
 * announce it.
 */
export function UpdateBar({ update, needed }: Props) {
  const ready = useSyncExternalStore(update.ready.subscribe, update.ready.get, update.ready.get);
  const offered = ready || needed;
  return (
    <div className="update" role="status" data-testid="update" data-offered={offered}>
      {offered && (
        <>
          <span>{ready ? texts.updateReady : texts.updateNeeded}</span>
          <button type="button" onClick={() => void update.apply()}>
            {texts.updateNow}
          </button>
        </>
      )}
    </div>
  );
}
