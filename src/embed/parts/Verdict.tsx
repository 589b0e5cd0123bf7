import type { Answer } from '../../client/types.ts';
import { useFormat } from '../locale.ts';
import { finalityTexts, levelTexts, texts } from '../texts.ts';

/** How far an answer can be trusted, and whether it can still change, in plain words. `asOf`: the frame is not connected. */
export function Verdict({ answer: { level, finality, block }, asOf }: { readonly answer: Answer<unknown>; readonly asOf: boolean }) {
  const format = useFormat();
  return (
    <div className="verdict" data-testid="verdict" data-level={level} data-finality={finality} data-block={block.hash}>
      <p>
        <strong data-tone={level === 'claimed' ? 'warn' : 'good'}>{levelTexts[level].title}</strong>
        <span className="dot" aria-hidden="true">·</span>
        <strong data-tone={finality === 'final' ? 'good' : 'open'}>{finalityTexts[finality].title}</strong>
        <span className="dot" aria-hidden="true">·</span>
        <span className="quiet">{texts.provenAt(format.number(block.height))}</span>
      </p>
      <p className="quiet small">{`${levelTexts[level].text} ${finalityTexts[finality].text}`}</p>
      {asOf && <p className="warn small" data-testid="as-of">{texts.asOf(format.moment(block.timestamp))}</p>}
    </div>
  );
}
