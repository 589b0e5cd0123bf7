import { useSyncExternalStore } from 'react';
import type { AppUpdate } from '../app-update.ts';
import { texts } from '../texts.ts';

interface Props {
  readonly update: AppUpdate;
  /** This build cannot go on, whether a newer one was found or not. */
  readonly needed: boolean;
}

/** A quiet offer; nothing is reloaded under a reader's hands. The element is there before the text, so that it is read out. */
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
