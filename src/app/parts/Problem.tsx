import type { AppUpdate } from '../app-update.ts';
import { texts, textOf } from '../texts.ts';

interface Props {
  /** A newer build may do better. */
  readonly update: AppUpdate;
  readonly code: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** The page that is shown where no client can be had: what is missing, and what to do. */
export function Problem({ update, code, data }: Props) {
  return (
    <main className="problem" role="alert" data-testid="problem" data-code={code}>
      <h1>{texts.title}</h1>
      <p>{textOf(code, data)}</p>
      <p className="actions">
        <button type="button" onClick={() => void update.apply()}>
          {texts.reload}
        </button>
        {location.search !== '' && <a href={location.pathname}>{texts.networkDefault}</a>}
      </p>
    </main>
  );
}
