import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Client } from '../client/types.ts';
import { developmentNetworks } from '../page/default-network.ts';
import { problemOf } from '../page/problem-of.ts';
import { texts } from '../page/texts.ts';
import { useStatus } from '../react/hooks.ts';
import type { Vault } from '../vault/types.ts';
import { Welcome } from './first/Welcome.tsx';
import { Overview } from './overview/Overview.tsx';
import { Receive } from './receive/Receive.tsx';
import { hrefs, type Route } from './route.ts';
import { followPayments } from './send/follow-payments.ts';
import { PaymentPage } from './send/PaymentPage.tsx';
import { Send } from './send/Send.tsx';
import { Backup } from './settings/Backup.tsx';
import { Settings } from './settings/Settings.tsx';
import { problemText } from './problem-text.ts';
import { Shell } from './Shell.tsx';
import { useRoute } from './use-kept.ts';
import type { openNetwork, WalletPage } from './wallet-page.ts';
import { walletTexts } from './wallet-texts.ts';

export interface WalletParts {
  readonly client: Client | undefined;
  /** Why there is no client. The accounts are shown all the same. */
  readonly clientError: unknown;
  readonly vault: Vault;
  /** Of the network that the URL names. */
  readonly kept: Awaited<ReturnType<typeof openNetwork>>;
  /** The network that the URL names. */
  readonly networkName: string;
}

/** The page: three choices if there is no account; else what the URL opens. */
export function WalletApp({ client, clientError, vault, kept, networkName }: WalletParts) {
  const status = useStatus(client);
  const accounts = useSyncExternalStore((listener) => vault.subscribe(listener), () => vault.accounts());
  const damaged = useSyncExternalStore((listener) => vault.subscribe(listener), () => vault.damaged());
  const { payments, network } = kept;
  useEffect(() => (client ? followPayments(client, payments, network.window) : undefined), [client, payments, network]);
  const route = useRoute();
  const development = developmentNetworks.has(networkName) || status?.network.development === true;
  // A new account is in the list before its words are written down.
  const [making, setMaking] = useState(false);
  const first = accounts.length === 0 || making;
  const page: WalletPage = { ...kept, client, status, vault, accounts, development };
  return (
    <Shell page={page} route={route} bare={first} notices={<Notices development={development} clientError={clientError} damaged={damaged} memory={vault.kind === 'memory' && accounts.length > 0} />}>
      {first ? <Welcome page={page} first onMaking={setMaking} onDone={goHome} /> : <Page page={page} route={route} />}
    </Shell>
  );
}

const goHome = () => location.assign(hrefs.overview);

function Page({ page, route }: { readonly page: WalletPage; readonly route: Route }) {
  switch (route.page) {
    case 'overview':
      return <Overview page={page} />;
    case 'receive':
      return <Receive page={page} />;
    case 'send':
      return <Send key={route.to} page={page} to={route.to} />;
    case 'payment':
      return <PaymentPage key={route.hash} page={page} hash={route.hash} />;
    case 'settings':
      return <Settings page={page} />;
    case 'backup':
      return <Backup key={route.id} page={page} id={route.id} />;
    case 'add':
      return <Welcome page={page} first={false} onDone={goHome} />;
  }
}

interface NoticesProps {
  readonly development: boolean;
  readonly clientError: unknown;
  readonly damaged: ReturnType<Vault['damaged']>;
  readonly memory: boolean;
}

/** What the person should know before anything else. */
function Notices({ development, clientError, damaged, memory }: NoticesProps) {
  const broken = damaged.filter(({ code }) => code === 'damaged-record').length;
  const newer = damaged.some(({ code }) => code === 'newer-record');
  return (
    <ul className="notices">
      {development && <li data-level="warning" data-testid="development"><p>{texts.developmentNetwork}</p></li>}
      {clientError !== undefined && <li data-level="error" data-testid="client-problem" data-code={problemOf(clientError).code}><p>{problemText(clientError)}</p></li>}
      {memory && <li data-level="warning"><p>{walletTexts.memory}</p></li>}
      {broken > 0 && <li data-level="error" data-testid="damaged"><p>{walletTexts.damaged(broken)}</p></li>}
      {newer && <li data-level="warning"><p>{walletTexts.newer}</p></li>}
    </ul>
  );
}
