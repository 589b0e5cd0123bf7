interface Props {
  /** The middle and the upper end, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly signatures: number;
  readonly validators: number;
  readonly threshold: number | undefined;
}

/** Pixels that a bar takes, with the room around it. */
export const BAR_HEIGHT = 34;
const LENGTH = 26;
const HALF = 5;

/** How many of the validators have signed a block, from below, with a line at the threshold. */
export function SignatureBar({ x, y, signatures, validators, threshold }: Props) {
  const up = (count: number) => Math.min(1, count / Math.max(1, validators)) * LENGTH;
  const line = threshold === undefined ? undefined : y + LENGTH - up(threshold);
  return (
    <g className="signature-bar">
      <rect className="open" x={x - HALF} y={y} width={HALF * 2} height={LENGTH} rx="2" />
      <rect className="signed" x={x - HALF} y={y + LENGTH - up(signatures)} width={HALF * 2} height={up(signatures)} rx="2" />
      {line !== undefined && <path className="threshold" d={`M${x - HALF - 3} ${line}H${x + HALF + 3}`} />}
    </g>
  );
}
