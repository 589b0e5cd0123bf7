import { useState } from 'react';
import { type Notice, standingNotices } from '../../client/types.ts';
import { texts, textOf } from '../texts.ts';

const shown = 4;

/** Messages that the user should see now: the newest notices, each once, until they are dismissed. All stay in the log. */
export function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  const [dismissed, setDismissed] = useState<readonly Notice[]>([]);
  const latest = [...new Map(standingNotices(notices).map((notice) => [notice.code, notice])).values()].filter((notice) => !dismissed.includes(notice)).slice(-shown);
  // Dismissed notices that have left the list need not be remembered.
  const dismiss = (notice: Notice) => setDismissed((before) => before.filter((old) => notices.includes(old)).concat(notice));
  if (latest.length === 0) return null;
  return (
    <ul className="notices" aria-live="polite">
      {latest.map((notice) => (
        <li key={notice.code} data-testid="notice" data-level={notice.level} data-code={notice.code}>
          <p>{textOf(notice.code, notice.data)}</p>
          <button type="button" className="dismiss" aria-label={texts.dismiss} title={texts.dismiss} onClick={() => dismiss(notice)}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M2 2l8 8M10 2l-8 8" />
            </svg>
          </button>
        </li>
      ))}
    </ul>
  );
}
