import { texts, textOf } from '../texts.ts';

interface Props {
  readonly code: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** The page that is shown where no client can be had: what is missing, and what to do. */
export function Problem({ code, data }: Props) {
  return (
    <main className="problem" role="alert" data-testid="problem" data-code={code}>
      <h1>{texts.title}</h1>
      <p>{textOf(code, data)}</p>
      <p className="actions">
        <button type="button" onClick={() => location.reload()}>
          {texts.reload}
        </button>
        {location.search !== '' && <a href={location.pathname}>{texts.networkDefault}</a>}
      </p>
    </main>
  );
}
