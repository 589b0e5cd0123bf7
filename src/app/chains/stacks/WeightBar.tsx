// Tests: `e2e/stacks.spec.ts`.
import type { StacksHead } from '../../../client/types.ts';
import { stacksTexts as texts } from './stacks-words.ts';

type Weight = NonNullable<StacksHead['weight']>;

/** Where a share of the weight ends on a bar of this length. */
const reach = (part: number, { total }: Weight, length: number) => Math.min(1, part / Math.max(1, total)) * length;

/** The weight of the signers that signed a block, of all in their cycle, with a mark at the threshold. */
export function WeightBar({ weight }: { readonly weight: Weight }) {
  const at = reach(weight.threshold, weight, 100);
  return (
    <svg className="weight-bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={texts.weightOf(weight)}>
      <rect className="open" y="2" width="100" height="6" />
      <rect className="signed" y="2" width={reach(weight.signed, weight, 100)} height="6" />
      <path className="threshold" d={`M${at} 0V10`} />
    </svg>
  );
}

/** Pixels that a block's mark takes, with the room around it, and those between blocks. */
export const MARK_HEIGHT = 44;
const LENGTH = 26;
const HALF = 5;
const STEP = 26;

interface MarkProps {
  /** The middle and the upper end, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly weight: Weight | undefined;
  /** Whether a tenure begins with this block. */
  readonly starts: boolean;
}

/** Below a block: the weight of its signers from below, and a piece of the strip of its tenure. */
export function WeightMark({ x, y, weight, starts }: MarkProps) {
  const from = x - STEP / 2 + (starts ? 4 : 0);
  return (
    <g className="signature-bar">
      <rect className="open" x={x - HALF} y={y} width={HALF * 2} height={LENGTH} rx="2" />
      {weight && <rect className="signed" x={x - HALF} y={y + LENGTH - reach(weight.signed, weight, LENGTH)} width={HALF * 2} height={reach(weight.signed, weight, LENGTH)} rx="2" />}
      {weight && <path className="threshold" d={`M${x - HALF - 3} ${y + LENGTH - reach(weight.threshold, weight, LENGTH)}h${HALF * 2 + 6}`} />}
      <rect className="tenure" x={from} y={y + LENGTH + 8} width={x + STEP / 2 - from} height="3" />
    </g>
  );
}
