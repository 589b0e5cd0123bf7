/** Rows of one day in the reader's time zone. */
export interface Day<Row> {
  /** The same for all rows of the day. */
  readonly day: string;
  /** Any time of the day, Unix milliseconds. */
  readonly time: number;
  readonly rows: readonly Row[];
}

/** Groups rows that are sorted by time, in their order. */
export function byDay<Row extends { readonly time: number }>(rows: readonly Row[]): readonly Day<Row>[] {
  const days: (Day<Row> & { readonly rows: Row[] })[] = [];
  for (const row of rows) {
    const day = new Date(row.time).toDateString();
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, time: row.time, rows: [row] });
  }
  return days;
}
