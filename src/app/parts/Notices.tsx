import { useState } from 'react';
import { type Client, type Notice, type NoticeCode, type NoticeState, standingNotices } from '../../client/types.ts';
import { textOf } from '../../page/code-texts.ts';
import { texts } from '../../page/texts.ts';

const shown = 4;

/** Said on the ladder of trust, or beside the head. */
const saidElsewhere: readonly NoticeCode[] = ['verified-from-genesis', 'verified-from-pin', 'client-in-doubt'];

interface Props {
  readonly client: Pick<Client, 'closeNotice'>;
  readonly notices: readonly Notice[];
  readonly state: NoticeState;
}

/**
 * Messages that the user should see now: the newest notices, each once, until their cause ends or they are dismissed. All stay in the log.
 */
export function Notices({ client, notices, state }: Props) {
  const [dismissed, setDismissed] = useState<readonly Notice[]>([]);
  const latest = [...new Map(standingNotices(notices, state).map((notice) => [notice.code, notice])).values()].filter((notice) => !dismissed.includes(notice) && !saidElsewhere.includes(notice.code)).slice(-shown);
  // Dismissed notices that have left the list need not be remembered.
  const dismiss = (notice: Notice) => {
    setDismissed((before) => before.filter((old) => notices.includes(old)).concat(notice));
    // Without a hub there is nobody who would show it again.
    client.closeNotice(notice).catch(() => undefined);
  };
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
