// Tests: `e2e/page.spec.ts`.
import type { Head, Status, TrustRecord } from '../../client/types.ts';
import { formatDateTime, formatMoment, formatNumber, formatSeconds, shortHash } from '../../page/format.ts';
import type { ChainWords } from '../chains/chain-parts.ts';
import { pageTexts } from '../page-texts.ts';
import { blockHref } from '../route.ts';
import { texts } from '../../page/texts.ts';
import { isGenesis } from '../use-head-shown.ts';
import { Sparkline } from './Sparkline.tsx';
import { SyncState } from './SyncState.tsx';
import { Verdict } from './Verdict.tsx';

interface Props {
  readonly status: Status | undefined;
  readonly head: Head | undefined;
  /** Whether `head` may be shown (`use-head-shown.ts`). */
  readonly shown: boolean;
  readonly trust: TrustRecord | undefined;
  /** Milliseconds, oldest first. */
  readonly lags: readonly number[];
  /** The chain's own; undefined while they are not loaded. */
  readonly words: ChainWords | undefined;
}

/** The newest verified block and the newest final block, how certain that is, and what the client is doing. */
export function HeadPanel({ status, head, shown, trust, lags, words }: Props) {
  const asOf = head !== undefined && isStored(status, head);
  return (
    <section className="hero" aria-label={texts.head}>
      <div className="hero-head">{head && shown ? <HeadFacts head={head} genesis={status?.network.genesisHash} asOf={asOf} words={words} /> : <NoHead status={status} head={head} words={words} />}</div>
      <div className="hero-state">
        {head && shown && trust && !isGenesis(status, head) && <Verdict trust={trust} head={head} />}
        <SyncState status={status} head={head} stored={asOf} words={words} />
        {status?.phase === 'established' && <Lag lags={lags} />}
      </div>
    </section>
  );
}

/** Whether the head was verified some time ago and is not, or not yet, the network's current head. The genesis block does not count. */
function isStored(status: Status | undefined, head: Head): boolean {
  return status !== undefined && status.phase !== 'established' && !isGenesis(status, head);
}

/** Nothing is claimed about a head before the store is read. */
function NoHead({ status, head, words }: Pick<Props, 'status' | 'head' | 'words'>) {
  const reading = !status || !head || status.phase === 'starting';
  return (
    <>
      <h2 className="label">{texts.latest}</h2>
      {reading ? (
        <p className="height"><span className="ghost" /></p>
      ) : (
        <p className="height quiet" data-testid="no-head">{texts.noHead}</p>
      )}
      <p className="quiet small">{reading ? pageTexts.reading : status.phase !== 'catch-up' && head && isGenesis(status, head) && (words?.first ?? texts).beginsAt(formatNumber(head.latest.height))}</p>
    </>
  );
}

function HeadFacts({ head: { latest, final }, genesis, asOf, words }: { readonly head: Head; readonly genesis: string | undefined; readonly asOf: boolean; readonly words: ChainWords | undefined }) {
  const above = latest.height - final.height;
  return (
    <>
      <h2 className="label">{texts.latest}</h2>
      <p className="height" data-testid="head" data-hash={latest.hash}>
        <a href={blockHref(latest.hash)}>{formatNumber(latest.height)}</a>
      </p>
      {asOf && (
        <p className="as-of" data-testid="as-of">
          {texts.asOf} <time dateTime={new Date(latest.timestamp).toISOString()}>{formatDateTime(latest.timestamp)}</time>
        </p>
      )}
      <p className="facts">
        {latest.hash === genesis && <span className="tag">{texts.genesisTag}</span>}
        <a href={blockHref(latest.hash)}>
          <code title={latest.hash}>{shortHash(latest.hash)}</code>
        </a>
        {!asOf && <time dateTime={new Date(latest.timestamp).toISOString()}>{formatMoment(latest.timestamp)}</time>}
      </p>
      <p className="final">
        {texts.final}{' '}
        <a href={blockHref(final.hash)} data-testid="final" data-hash={final.hash}>
          {formatNumber(final.height)}
        </a>
        <span className="quiet"> · {above > 0 ? (words ?? texts).pending(above) : texts.allFinal}</span>
      </p>
      {/* The line keeps its place until the words are there. */}
      <p className="quiet small" data-testid="finality">{words?.finality ?? '\u00A0'}</p>
    </>
  );
}

function Lag({ lags }: { readonly lags: readonly number[] }) {
  return (
    <div className="lag">
      <p className="small">
        {texts.lag} {lags.length > 0 ? <strong>{formatSeconds(lags.at(-1) ?? 0)}</strong> : <span className="quiet">{texts.noLag}</span>} <span className="quiet">· {pageTexts.lag}</span>
      </p>
      <Sparkline values={lags} atLeast={2000} />
    </div>
  );
}
