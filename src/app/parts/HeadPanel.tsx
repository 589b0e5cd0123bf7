import type { Head, Status } from '../../client/types.ts';
import { formatDuration, formatNumber, formatTime, shortHash } from '../format.ts';
import { texts, textOf, trustTags, unitTexts } from '../texts.ts';

/** The newest verified block and the newest final one, with what is going on while they are being caught up with. */
export function HeadPanel({ status, head }: { readonly status: Status | undefined; readonly head: Head | undefined }) {
  return (
    <section className="panel hero" aria-label={texts.head}>
      {head ? (
        <>
          <p className="label">{texts.latest}</p>
          <p className="height" data-testid="head" data-hash={head.latest.hash}>
            {formatNumber(head.latest.height)}
          </p>
          <p className="facts">
            <span className="tag" data-trust={head.latest.trust}>
              {trustTags[head.latest.trust]}
            </span>
            <code title={head.latest.hash}>{shortHash(head.latest.hash)}</code>
            <time>{formatTime(head.latest.timestamp)}</time>
          </p>
          <p className="final">
            {texts.final} <strong data-testid="final" data-hash={head.final.hash}>{formatNumber(head.final.height)}</strong>
            {head.latest.height > head.final.height && <span className="quiet"> · {formatNumber(head.latest.height - head.final.height)} {texts.pending}</span>}
          </p>
        </>
      ) : (
        <p className="height quiet">{texts.noHead}</p>
      )}
      <ProgressLine status={status} />
    </section>
  );
}

function ProgressLine({ status }: { readonly status: Status | undefined }) {
  if (!status || status.phase === 'established') return null;
  const { progress, reason } = status;
  return (
    <div className="progress">
      {progress && progress.total > 0 && (
        <>
          <progress value={progress.done} max={progress.total} aria-label={unitTexts[progress.unit]} />
          <p className="quiet">
            {formatNumber(progress.done)} / {formatNumber(progress.total)} {unitTexts[progress.unit]}
            {progress.timeLeft !== undefined && ` · ${formatDuration(progress.timeLeft)} ${texts.timeLeft}`}
          </p>
        </>
      )}
      {reason && <p className="reason">{textOf(reason.code, reason.data)}</p>}
    </div>
  );
}
