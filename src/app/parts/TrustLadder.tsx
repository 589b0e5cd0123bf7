import type { ProofView, TrustLevel } from '../../client/types.ts';
import { checkedText } from '../checked-texts.ts';
import { formatDuration, formatFigure, formatNumber } from '../../page/format.ts';
import { levelsUpTo } from '../levels-used.ts';
import { texts, trustTexts } from '../../page/texts.ts';

interface Props {
  /** Undefined while there is nothing to judge yet. */
  readonly level: TrustLevel | undefined;
  /** The levels that the chain has had. */
  readonly used: readonly TrustLevel[];
  /** The highest level that the chain can reach; those above it are not listed, unless the level is higher. Default: all. */
  readonly highest?: TrustLevel | undefined;
  /** The chain was read from storage, and is not verified again yet. */
  readonly restored: boolean;
  /** The verification that is under way. */
  readonly proof: ProofView | undefined;
}

/**
 * The levels of trust, strongest on top: the current level, earlier levels, levels that were not needed, and the one that is being worked
 * on.
 */
export function TrustLadder({ level, used, highest, restored, proof }: Props) {
  const fromTheTop = levelsUpTo(highest, level);
  const standing = level === undefined ? fromTheTop.length : fromTheTop.indexOf(level);
  return (
    <ol className="ladder">
      {fromTheTop.map((rung, index) => {
        const place = index === standing ? 'here' : index < standing ? 'above' : used.includes(rung) ? 'before' : 'unused';
        // The path so far: down to the lowest level that the chain has had.
        const way = index >= standing && fromTheTop.slice(index + 1).some((below) => used.includes(below));
        const title = place === 'here' && restored ? texts.restoredTitle : trustTexts[rung].title;
        const worked = place === 'above' && proof?.toward === rung;
        return (
          <li key={rung} data-place={place} data-way={way || undefined} data-worked={worked || undefined} aria-current={place === 'here' ? 'step' : undefined}>
            <p className="rung">
              {title}
              {place === 'unused' && <>{' '}<span className="small not-needed">· {texts.notNeeded}</span></>}
              <span className="visually-hidden"> {texts.rungPlaces[place]}</span>
            </p>
            {worked && <ProofProgress proof={proof} />}
          </li>
        );
      })}
    </ol>
  );
}

/** Shows only values of the view: what was not measured is not shown. */
function ProofProgress({ proof: { state, done, total, rate, timeLeft, checked } }: { readonly proof: ProofView }) {
  const sofar = checkedText(checked);
  return (
    <div className="progress" data-testid="proof" data-state={state} data-done={done} data-total={total}>
      <progress value={done} max={Math.max(total, 1)} aria-label={texts.proofLabel} />
      <p className="small">
        {texts.epochsOf(formatNumber(done), formatNumber(total))}
        {state === 'waiting' && ` · ${texts.proofWaits}`}
        {rate !== undefined && ` · ${texts.epochRate(formatFigure(rate))}`}
        {timeLeft !== undefined && ` · ${texts.timeLeft(formatDuration(timeLeft))}`}
      </p>
      {sofar && <p className="quiet small">{texts.checkedSoFar(sofar)}</p>}
    </div>
  );
}
