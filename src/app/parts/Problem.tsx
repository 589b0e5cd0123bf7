import type { AppUpdate } from '../app-update.ts';
import { defaultNetwork } from '../../page/default-network.ts';
import { textOf } from '../../page/code-texts.ts';
import { networkTexts, texts } from '../../page/texts.ts';

interface Props {
  /** A newer build may solve the problem. */
  readonly update: AppUpdate;
  readonly code: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** Problems that another URL may solve. */
const ofAddress: ReadonlySet<string> = new Set(['bad-host', 'bad-network', 'bad-settings', 'network-file', 'network-mismatch', 'unknown-network']);

/** The page that is shown when no client can be started: what is missing, and what to do. */
export function Problem({ update, code, data }: Props) {
  return (
    <main className="problem" role="alert" data-testid="problem" data-code={code}>
      <h1>{texts.title}</h1>
      <p>{textOf(code, data)}</p>
      <p className="actions">
        <button type="button" onClick={() => void update.apply()}>
          {texts.reload}
        </button>
        {ofAddress.has(code) && <a href={location.pathname}>{texts.networkDefault(networkTexts.get(defaultNetwork) ?? defaultNetwork)}</a>}
      </p>
    </main>
  );
}
