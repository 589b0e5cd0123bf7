import { useSyncExternalStore } from 'react';
import type { Client } from '../../client/types.ts';
import { useStatus } from '../../react/hooks.ts';
import { developmentNetworks } from '../../page/default-network.ts';
import type { PageTroubles } from '../../page/page-troubles.ts';
import { textOf } from '../../page/code-texts.ts';
import { texts } from '../../page/texts.ts';

interface Props {
  readonly client: Client | undefined;
  /** The network that the URL names. */
  readonly network: string;
  readonly troubles: PageTroubles;
}

/** Shown above the page: that this is a development network, and errors of the page itself. */
export function Troubles({ client, network, troubles }: Props) {
  const list = useSyncExternalStore(troubles.list.subscribe, troubles.list.get, troubles.list.get);
  const status = useStatus(client);
  const development = developmentNetworks.has(network) || status?.network.development === true;
  if (!development && list.length === 0) return null;
  return (
    <ul className="notices troubles" aria-live="polite">
      {development && (
        <li data-testid="development" data-level="warning">
          <p>{texts.developmentNetwork}</p>
        </li>
      )}
      {list.map(({ code, data }) => (
        <li key={JSON.stringify([code, data])} data-testid="trouble" data-level="error" data-code={code}>
          <p>{textOf(code, data)}</p>
        </li>
      ))}
    </ul>
  );
}
