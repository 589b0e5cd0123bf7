import type { Client } from '../client/types.ts';
import { useHead, useLog, useNotices, usePeers, useStatus, useTrust } from '../react/hooks.ts';
import { BatchPanel } from './parts/BatchPanel.tsx';
import { Footer } from './parts/Footer.tsx';
import { Header } from './parts/Header.tsx';
import { HeadPanel } from './parts/HeadPanel.tsx';
import { LogPanel } from './parts/LogPanel.tsx';
import { Notices } from './parts/Notices.tsx';
import { PeersPanel } from './parts/PeersPanel.tsx';
import { TrustPanel } from './parts/TrustPanel.tsx';

/** The page: what the client knows, drawn. Nothing is decoded, hashed or verified here. */
export function App({ client }: { readonly client: Client }) {
  const status = useStatus(client);
  const head = useHead(client);
  const peers = usePeers(client);
  const trust = useTrust(client);
  const log = useLog(client);
  const notices = useNotices(client);
  return (
    <main className="app">
      <Header status={status} />
      <Notices notices={notices} />
      <div className="column">
        <HeadPanel status={status} head={head} />
        {status && head && <BatchPanel network={status.network} head={head} />}
        {trust && <TrustPanel trust={trust} />}
      </div>
      <div className="column">
        <PeersPanel peers={peers} />
        <LogPanel entries={log} />
      </div>
      {status && <Footer status={status} />}
    </main>
  );
}
