import type { Head, Status } from '../../client/types.ts';
import { isOffline } from '../is-offline.ts';
import { formatDateTime, formatDuration, formatMoment, formatNumber, formatSeconds, shortHash } from '../format.ts';
import { phaseSentences, texts, textOf, trustTags, unitTexts } from '../texts.ts';
import { Sparkline } from './Sparkline.tsx';

interface Props {
  readonly status: Status | undefined;
  readonly head: Head | undefined;
  /** Milliseconds, oldest first. */
  readonly lags: readonly number[];
}

/** The newest verified block and the newest final one, and what is being done. */
export function HeadPanel({ status, head, lags }: Props) {
  const asOf = head !== undefined && isStored(status, head);
  return (
    <section className="hero" aria-label={texts.head}>
      <div className="hero-head">
        {head ? <HeadFacts head={head} genesis={status?.network.genesisHash} asOf={asOf} /> : <p className="height quiet">{texts.noHead}</p>}
      </div>
      <div className="hero-state">
        <State status={status} stored={asOf} />
        <div className="lag" title={texts.lagHint}>
          <p>
            <span className="label">{texts.lag}</span> {lags.length > 0 && status?.phase === 'established' ? <strong>{formatSeconds(lags.at(-1) ?? 0)}</strong> : <span className="quiet">{texts.noLag}</span>}
          </p>
          <Sparkline values={lags} atLeast={2000} />
        </div>
      </div>
    </section>
  );
}

/** Whether the head is what was verified some time ago and not, or not yet, what the network has now. That of the genesis block says nothing. */
function isStored(status: Status | undefined, { latest }: Head): boolean {
  return status !== undefined && status.phase !== 'established' && latest.height > status.network.genesisHeight;
}

function HeadFacts({ head: { latest, final }, genesis, asOf }: { readonly head: Head; readonly genesis: string | undefined; readonly asOf: boolean }) {
  const verified = latest.trust === final.trust ? trustTags[latest.trust] : texts.keysUnproven;
  const above = latest.height - final.height;
  return (
    <>
      <h2 className="label">{texts.latest}</h2>
      <p className="height" data-testid="head" data-hash={latest.hash}>
        {formatNumber(latest.height)}
      </p>
      {asOf && (
        <p className="as-of" data-testid="as-of">
          {texts.asOf} <time dateTime={new Date(latest.timestamp).toISOString()}>{formatDateTime(latest.timestamp)}</time>
        </p>
      )}
      <p className="final">
        {texts.final} <strong data-testid="final" data-hash={final.hash}>{formatNumber(final.height)}</strong>
        <span className="quiet"> · {above > 0 ? texts.pending(above) : texts.allFinal}</span>
      </p>
      <p className="facts">
        <span className="tag" data-trust={latest.trust}>
          {latest.hash === genesis ? texts.genesisTag : verified}
        </span>
        <code title={latest.hash}>{shortHash(latest.hash)}</code>
        {!asOf && <time dateTime={new Date(latest.timestamp).toISOString()}>{formatMoment(latest.timestamp)}</time>}
      </p>
    </>
  );
}

function State({ status, stored }: { readonly status: Status | undefined; readonly stored: boolean }) {
  const { phase, progress, reason } = status ?? { phase: 'starting' as const, progress: undefined, reason: undefined };
  return (
    <div className="state">
      <p>{stored && isOffline(status) ? texts.offlineSentence : phaseSentences[phase]}</p>
      {phase !== 'established' && progress && progress.total > 0 && (
        <div className="progress">
          <progress value={progress.done} max={progress.total} aria-label={unitTexts[progress.unit]} />
          <p className="quiet small">
            {texts.ofTotal(formatNumber(progress.done), formatNumber(progress.total))} {unitTexts[progress.unit]}
            {progress.timeLeft !== undefined && ` · ${texts.timeLeft(formatDuration(progress.timeLeft))}`}
          </p>
        </div>
      )}
      {reason && <p className="reason">{textOf(reason.code, reason.data)}</p>}
    </div>
  );
}
