// Tests: `e2e/stacks.spec.ts`.
import { shortHash, formatNumber } from '../../../page/format.ts';
import { percentOf, stacksTexts as texts } from './stacks-words.ts';
import type { RecentTenure } from './tenures.ts';
import { WeightBar } from './WeightBar.tsx';

/** More would push what is below out of sight. */
const MAX_SHOWN = 4;

/** The newest tenures: their blocks, whether these are confirmed, and the weight that signed them. */
export function TenureList({ tenures }: { readonly tenures: readonly RecentTenure[] }) {
  if (tenures.length === 0) return null;
  return (
    <section className="tenures" aria-label={texts.tenures}>
      <ul className="plain-list small">
        {tenures.slice(0, MAX_SHOWN).map(({ tenure, cycle, burnHeight, from, to, standing, least }) => (
          <li key={`${tenure} ${from}`} data-testid="tenure" data-tenure={tenure} data-standing={standing}>
            <span><code title={tenure}>{shortHash(tenure)}</code> <span className="mark" data-standing={standing}>{texts.standing[standing]}</span></span>
            <span>{texts.blocksOf(to - from + 1, from, to)}</span>
            <span className="quiet">{texts.cycle} {formatNumber(cycle)} · {texts.bitcoin} {texts.bitcoinTold(burnHeight)}</span>
            {least && <span className="least"><WeightBar weight={least} /> <span className="quiet">{texts.least(percentOf(least.signed, least.total))}</span></span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
