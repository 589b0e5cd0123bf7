import { type ComponentType, lazy, Suspense } from 'react';
import type { Client } from '../../client/types.ts';
import { textOf } from '../../page/code-texts.ts';

interface Props {
  readonly client: Client | undefined;
}

/** Few visits open a proof file. */
const ProofPage = lazy<ComponentType<Props>>(() =>
  import('../pages-on-demand.ts').then(
    ({ ProofPage: page }) => ({ default: page }),
    () => ({ default: () => <p className="panel warn" role="alert">{textOf('files-gone')}</p> }),
  ),
);

/** The page that opens proof files, loaded when it is opened. It needs no client. */
export function ProofOnDemand({ client }: Props) {
  return (
    <main className="of-block">
      <Suspense fallback={<p className="panel" aria-busy="true" />}>
        <ProofPage client={client} />
      </Suspense>
    </main>
  );
}
