import type { LogEntry } from '../../client/types.ts';
import { formatTime } from '../format.ts';
import { texts, textOf } from '../texts.ts';

const shown = 200;

/** What happened, newest first. */
export function LogPanel({ entries }: { readonly entries: readonly LogEntry[] }) {
  return (
    <section className="panel log" aria-labelledby="log-title">
      <h2 id="log-title">{texts.log}</h2>
      {entries.length === 0 ? (
        <p className="quiet">{texts.noLog}</p>
      ) : (
        <ol className="scroll" role="log" aria-labelledby="log-title" tabIndex={0}>
          {entries
            .slice(-shown)
            .toReversed()
            .map((entry, index) => (
              <li key={entries.length - index} data-level={entry.level} data-code={entry.code}>
                <time>{formatTime(entry.time)}</time> <span className="area">{entry.area}</span> {textOf(entry.code, entry.data)}
              </li>
            ))}
        </ol>
      )}
    </section>
  );
}
