import { useState } from 'react';
import type { LogEntry } from '../../client/types.ts';
import { formatTime } from '../../page/format.ts';
import { logLine, selectEntries, type LogSelection } from '../log-selection.ts';
import { Fold } from './Fold.tsx';
import { textOf } from '../../page/code-texts.ts';
import { areaTexts, texts } from '../../page/texts.ts';

/** The log, newest first, with a filter and a copy button. */
export function LogPanel({ entries }: { readonly entries: readonly LogEntry[] }) {
  const [selection, setSelection] = useState<LogSelection>({ level: 'all', area: '', text: '' });
  const [copied, setCopied] = useState('');
  const shown = selectEntries(entries, selection);
  const change = (part: Partial<LogSelection>) => setSelection((before) => ({ ...before, ...part }));
  const copy = () =>
    navigator.clipboard.writeText(shown.map(logLine).join('\n')).then(
      () => setCopied(`${texts.copied}: ${texts.entries(shown.length)}`),
      () => setCopied(texts.copyFailed),
    );
  return (
    <Fold name="log" title={texts.log} gist={texts.entries(shown.length)}>
      <div className="log-head">
        <div className="filters">
          <label>
            <span className="visually-hidden">{texts.level}</span>
            <select value={selection.level} onChange={({ target }) => change({ level: target.value as LogSelection['level'] })}>
              {Object.entries(texts.levels).map(([level, text]) => (
                <option key={level} value={level}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span className="visually-hidden">{texts.area}</span>
            <select value={selection.area} onChange={({ target }) => change({ area: target.value })}>
              <option value="">{texts.allAreas}</option>
              {Object.entries(areaTexts).map(([area, text]) => (
                <option key={area} value={area}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <input type="search" aria-label={texts.search} placeholder={texts.search} value={selection.text} onChange={({ target }) => change({ text: target.value })} />
          <button type="button" className="plain" onClick={() => void copy()}>
            {texts.copy}
          </button>
          <span role="status" className="quiet small copied">{copied}</span>
        </div>
      </div>
      {shown.length === 0 ? (
        <p className="quiet">{entries.length === 0 ? texts.noLog : texts.noMatch}</p>
      ) : (
        <div className="scroll" role="group" aria-labelledby="log-title" tabIndex={0}>
          <ol>
            {shown.map((entry, index) => (
              <li key={shown.length - index} data-level={entry.level} data-code={entry.code} data-testid="log-entry">
                <time dateTime={new Date(entry.time).toISOString()}>{formatTime(entry.time)}</time>
                <span className="area">{areaTexts[entry.area]}</span>
                <span className="what">{textOf(entry.code, entry.data)}</span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </Fold>
  );
}
