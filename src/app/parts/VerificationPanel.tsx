import type { Status, VerifierView } from '../../client/types.ts';
import { formatFewMilliseconds, formatFigure, formatNumber } from '../../page/format.ts';
import { textOf } from '../../page/code-texts.ts';
import { backEndNames, jobTexts, purposeTexts, texts } from '../../page/texts.ts';
import { useGrowth } from '../use-chain-view.ts';
import { pageTexts } from '../page-texts.ts';
import { Fold } from './Fold.tsx';
import { Sparkline } from './Sparkline.tsx';

/** Seconds over which the rate is averaged: a block comes about every second. */
const recent = 5;

/** What is verified, how fast and by which workers, and how much waits. */
export function VerificationPanel({ verification }: { readonly verification: Status['verification'] }) {
  const { queued, running, done, failed, verifiers } = verification;
  const { done: growth = [] } = useGrowth({ done });
  const last = growth.slice(-recent);
  const rate = last.length === 0 ? 0 : last.reduce((sum, value) => sum + value, 0) / last.length;
  const counts = [
    [queued, texts.queued],
    [running, texts.running],
    [done, texts.done],
    [failed, texts.refused],
  ] as const;
  return (
    <Fold name="verification" title={texts.verification} gist={pageTexts.jobsDone(rate, formatFigure(rate))}>
      <Sparkline values={growth} atLeast={4} />
      <ul className="ledger">
        {counts.map(([count, words]) => (
          <li key={words}>
            <strong>{formatNumber(count)}</strong> {words}
          </li>
        ))}
      </ul>
      <h3 className="label">{texts.workers}</h3>
      {verifiers.length === 0 && <p className="quiet small">{texts.noWorkers}</p>}
      <ol className="workers small">
        {verifiers.map((verifier, index) => (
          // Workers have no name; the order in which they were lent is their only identity.
          <Worker key={index} verifier={verifier} />
        ))}
      </ol>
    </Fold>
  );
}

function Worker({ verifier: { backend, reason, purpose, busy, done, millisecondsPerJob } }: { readonly verifier: VerifierView }) {
  const starting = reason === 'starting';
  return (
    <li data-testid="worker" data-backend={backend} data-purpose={purpose} data-busy={busy !== undefined}>
      <p className="worker-name">
        {purposeTexts[purpose]}
        <span className="tag">{starting ? texts.workerStarting : backEndNames[backend]}</span>
      </p>
      <p className="quiet">
        {busy === undefined ? texts.idle : jobTexts[busy]}
        {' · '}
        {millisecondsPerJob === undefined ? texts.noJobYet : `${texts.jobs(done)} · ${texts.perJob(formatFewMilliseconds(millisecondsPerJob))}`}
      </p>
      {reason && !starting && <p className="reason">{texts.whyBigInt(textOf(reason))}</p>}
    </li>
  );
}
