import { type ComponentType, lazy, Suspense, useState } from 'react';
import { textOf } from '../../page/code-texts.ts';
import { texts } from '../../page/texts.ts';
import type { SyncPanelProps } from './SyncPanel.tsx';

/** Few visits look at it, and it brings the plots. */
const SyncPanel = lazy<ComponentType<SyncPanelProps>>(() =>
  import('./SyncPanel.tsx').then(
    ({ SyncPanel: panel }) => ({ default: panel }),
    () => ({ default: () => <p className="warn" role="alert">{textOf('files-gone')}</p> }),
  ),
);

/** The details of the sync, folded; loaded when they are opened, and asked for as long as they are open. */
export function SyncFold(props: SyncPanelProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="panel fold sync" data-testid="sync-fold" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2 className="label">{texts.syncDetails}</h2>
      </summary>
      <div className="fold-body">
        {open && (
          <Suspense fallback={<p aria-busy="true" />}>
            <SyncPanel {...props} />
          </Suspense>
        )}
      </div>
    </details>
  );
}
