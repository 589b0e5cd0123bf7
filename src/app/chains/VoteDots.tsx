interface Props {
  /** The middle and the upper end, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly count: number;
  readonly filled: number;
}

/** Dots in a row, and pixels between them: four fit below a block. */
const PER_ROW = 4;
const STEP = 5.5;
/** More are drawn as a share of this many. */
const MAX_DOTS = 24;

/** Pixels that the dots of so many validators take. */
export function heightOfDots(count: number): number {
  return Math.ceil(Math.min(count, MAX_DOTS) / PER_ROW) * STEP + 6;
}

/** One dot for each validator below a block; the first ones are filled, because only their number is known. */
export function VoteDots({ x, y, count, filled }: Props) {
  const dots = Math.min(count, MAX_DOTS);
  const full = Math.round((filled / Math.max(1, count)) * dots);
  const columns = Math.min(PER_ROW, dots);
  return (
    <g className="votes">
      {Array.from({ length: dots }, (_, index) => (
        <circle key={index} className={index < full ? 'vote' : 'no-vote'} cx={x + ((index % PER_ROW) - (columns - 1) / 2) * STEP} cy={y + Math.floor(index / PER_ROW) * STEP} r="2" />
      ))}
    </g>
  );
}
