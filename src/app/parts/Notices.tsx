import type { Notice } from '../../client/types.ts';
import { standingNotices } from '../standing-notices.ts';
import { textOf } from '../texts.ts';

const shown = 4;

/** What a person should know now: the newest notices, each once. */
export function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  const latest = [...new Map(standingNotices(notices).map((notice) => [notice.code, notice])).values()].slice(-shown);
  if (latest.length === 0) return null;
  return (
    <ul className="notices" aria-live="polite">
      {latest.map((notice) => (
        <li key={notice.code} data-testid="notice" data-level={notice.level} data-code={notice.code}>
          {textOf(notice.code, notice.data)}
        </li>
      ))}
    </ul>
  );
}
