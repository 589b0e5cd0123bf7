interface Props {
  readonly values: readonly number[];
  /** Number of values that fit; a plot that is not full yet is drawn at its right end. */
  readonly room?: number;
  /** Lower bound of the scale's maximum, so that small noise is not drawn as large peaks. */
  readonly atLeast?: number;
}

/** A line of values over time, the newest at the right. The important number is shown beside it. */
export function Sparkline({ values, room = 60, atLeast = 1 }: Props) {
  const top = Math.max(atLeast, ...values);
  const shown = values.slice(-room);
  const points = shown.map((value, index) => `${room - shown.length + index},${(19 - (value / top) * 17).toFixed(2)}`);
  const line = points.length > 1 ? `M${points.join('L')}` : '';
  return (
    <svg className="spark" viewBox={`0 0 ${room - 1} 20`} preserveAspectRatio="none" aria-hidden="true">
      <path className="spark-base" d={`M0,19H${room - 1}`} />
      {line && <path className="spark-area" d={`${line}L${room - 1},19L${room - shown.length},19Z`} />}
      {line && <path className="spark-line" d={line} />}
    </svg>
  );
}
