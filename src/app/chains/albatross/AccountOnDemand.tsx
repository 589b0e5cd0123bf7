import { type ComponentType, lazy, Suspense } from 'react';
import type { Client, Status } from '../../../client/types.ts';
import { blockTexts } from '../../block-texts.ts';
import { textOf } from '../../../page/code-texts.ts';
import { albatrossNetwork } from '../../../page/albatross.ts';

interface Props {
  readonly client: Client;
  readonly text: string;
  readonly status: Status | undefined;
}

/** Not part of the page's start: most visits never open an account. */
const AccountPage = lazy<ComponentType<Props>>(() =>
  import('../../pages-on-demand.ts').then(
    ({ AccountPage: page }) => ({ default: page }),
    () => ({ default: NotLoaded }),
  ),
);

/** The page of an account, loaded when it is opened; only Albatross has accounts that this app can show. */
export function AccountOnDemand({ client, text, status }: Props) {
  if (status && !albatrossNetwork(status.network)) return <p className="panel" role="alert">{blockTexts.noAccounts}</p>;
  return (
    <Suspense fallback={<p className="panel" aria-busy="true" />}>
      <AccountPage client={client} text={text} status={status} />
    </Suspense>
  );
}

function NotLoaded() {
  return <p className="panel warn" role="alert">{textOf('files-gone')}</p>;
}
