// Tests: `e2e/stacks.spec.ts`, `src/app/chains/stacks/clarity-shown.test.ts`.
import type { ClarityValue } from '../../../chains/stacks/wire/clarity-value.ts';
import { clarityShown } from './clarity-shown.ts';
import { readerTexts as texts } from './reader-texts.ts';

/** Characters that a line shows before it is folded: a buffer can have a megabyte. */
const MAX_LINE = 160;
/** Characters of it that are shown while it is folded. */
const FOLDED = 24;
/** Characters that a folded line shows when it is opened. */
const MAX_OPENED = 20_000;
/** Parts that are open at once. More are folded, and only so many are listed. */
const MAX_OPEN = 6;
const MAX_PARTS = 200;

/** A value of the contract language: simple ones in a line, lists and tuples with their parts, long ones folded. */
export function ClarityView({ value, depth = 0 }: { readonly value: ClarityValue; readonly depth?: number }) {
  const shown = clarityShown(value);
  if ('line' in shown) return <Line text={shown.line} />;
  const { kind, parts } = shown;
  return (
    <details className="clarity" open={depth < 2 && parts.length <= MAX_OPEN}>
      <summary>{kind}</summary>
      <dl>
        {parts.slice(0, MAX_PARTS).map(([name, inner]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd><ClarityView value={inner} depth={depth + 1} /></dd>
          </div>
        ))}
      </dl>
      {parts.length > MAX_PARTS && <p className="quiet small">{texts.moreParts(parts.length - MAX_PARTS)}</p>}
    </details>
  );
}

function Line({ text }: { readonly text: string }) {
  if (text.length <= MAX_LINE) return <code className="clarity-line">{text}</code>;
  return (
    <details className="clarity">
      <summary><code>{text.slice(0, FOLDED)}…</code> <span className="quiet">{texts.characters(text.length)}</span></summary>
      <code className="clarity-line">{text.length > MAX_OPENED ? `${text.slice(0, MAX_OPENED)}…` : text}</code>
    </details>
  );
}
