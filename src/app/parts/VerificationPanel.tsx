import type { Status } from '../../client/types.ts';
import { formatFigure, formatNumber } from '../format.ts';
import { texts } from '../texts.ts';
import { useGrowth } from '../use-chain-view.ts';
import { Sparkline } from './Sparkline.tsx';

/** Seconds over which the rate is told: a block comes about every second. */
const recent = 5;

/** What the verifiers do: how fast, how much waits, and how many there are. */
export function VerificationPanel({ verification }: { readonly verification: Status['verification'] }) {
  const { queued, running, done, failed, workers } = verification;
  const { done: growth = [] } = useGrowth({ done });
  const last = growth.slice(-recent);
  const rate = last.length === 0 ? 0 : last.reduce((sum, value) => sum + value, 0) / last.length;
  return (
    <section className="panel verification" aria-labelledby="verification-title">
      <h2 id="verification-title" className="label">{texts.verification}</h2>
      <p>{texts.rate(formatFigure(rate))}</p>
      <Sparkline values={growth} atLeast={4} />
      <dl>
        <div>
          <dt>{texts.workers}</dt>
          <dd>{workers === 0 ? texts.noWorkers : formatNumber(workers)}</dd>
        </div>
        <div>
          <dt>{texts.queued}</dt>
          <dd>{formatNumber(queued)}</dd>
        </div>
        <div>
          <dt>{texts.running}</dt>
          <dd>{formatNumber(running)}</dd>
        </div>
        <div>
          <dt>{texts.done}</dt>
          <dd>{formatNumber(done)}</dd>
        </div>
        <div>
          <dt>{texts.refused}</dt>
          <dd>{formatNumber(failed)}</dd>
        </div>
      </dl>
    </section>
  );
}
