import type { ProofView, TrustLevel } from '../../client/types.ts';
import { formatDuration, formatFigure, formatNumber } from '../format.ts';
import { checkedText, provenByProof, texts, trustTexts } from '../texts.ts';

const fromTheTop = ['proven', 'pinned', 'pico', 'claimed'] as const satisfies readonly TrustLevel[];

interface Props {
  /** Undefined while there is nothing to judge yet. */
  readonly level: TrustLevel | undefined;
  /** The level rests on a zero-knowledge proof. */
  readonly byProof: boolean;
  /** What is being worked on. */
  readonly proof: ProofView | undefined;
}

/** The levels of trust, the strongest on top: where we stand, what we have passed, and what is being worked on. */
export function TrustLadder({ level, byProof, proof }: Props) {
  const standing = level === undefined ? fromTheTop.length : fromTheTop.indexOf(level);
  return (
    <ol className="ladder">
      {fromTheTop.map((rung, index) => {
        const { title, text } = trustTexts[rung];
        const place = index === standing ? 'here' : index > standing ? 'passed' : 'above';
        const worked = place === 'above' && proof?.toward === rung;
        return (
          <li key={rung} data-place={place} data-worked={worked || undefined} aria-current={place === 'here' ? 'step' : undefined}>
            <p className="rung">
              {title}
              <span className="visually-hidden"> {texts.rungPlaces[place]}</span>
            </p>
            {place === 'here' && <p>{byProof ? provenByProof : text}</p>}
            {worked && <ProofProgress proof={proof} />}
          </li>
        );
      })}
    </ol>
  );
}

/** From the view alone: what was not measured is not told. */
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
