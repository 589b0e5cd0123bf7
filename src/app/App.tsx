import type { Client, Status } from '../client/types.ts';
import { useHead, useLog, useNotices, usePeers, useStatus, useTrust } from '../react/hooks.ts';
import type { AppUpdate } from './app-update.ts';
import { ChainPanel } from './parts/ChainPanel.tsx';
import { Footer } from './parts/Footer.tsx';
import { Header } from './parts/Header.tsx';
import { HeadPanel } from './parts/HeadPanel.tsx';
import { LogPanel } from './parts/LogPanel.tsx';
import { Notices } from './parts/Notices.tsx';
import { PeersPanel } from './parts/PeersPanel.tsx';
import { SharingPanel } from './parts/SharingPanel.tsx';
import { StoragePanel } from './parts/StoragePanel.tsx';
import { TrustPanel } from './parts/TrustPanel.tsx';
import { UpdateBar } from './parts/UpdateBar.tsx';
import { VerificationPanel } from './parts/VerificationPanel.tsx';
import { useHeadLag, useRecentBlocks } from './use-chain-view.ts';

/** Reasons that a newer build helps against, and often nothing else. */
const outdated: ReadonlySet<string> = new Set(['newer-build', 'files-gone', 'client-too-old']);

/** The page: what the client knows, drawn. Nothing is decoded, hashed or verified here. The header is there before the client, and stays. */
export function App({ client, update }: { readonly client: Client | undefined; readonly update: AppUpdate }) {
  const status = useStatus(client);
  return (
    <div className="app">
      <Header status={status} />
      <UpdateBar update={update} needed={outdated.has(status?.reason?.code ?? '')} />
      {client && <Main client={client} status={status} />}
      {status && <Footer host={status.host} />}
    </div>
  );
}

function Main({ client, status }: { readonly client: Client; readonly status: Status | undefined }) {
  const head = useHead(client);
  const peers = usePeers(client);
  const trust = useTrust(client);
  const log = useLog(client);
  const notices = useNotices(client);
  const recent = useRecentBlocks(client);
  const lags = useHeadLag(client);
  return (
    <main>
      <Notices notices={notices} />
      <HeadPanel status={status} head={head} lags={lags} />
      {trust && head && <TrustPanel trust={trust} head={head} onlyGenesis={head.latest.height === status?.network.genesisHeight} />}
      {status && head && <ChainPanel network={status.network} head={head} recent={recent} />}
      <PeersPanel peers={peers} />
      {status && <VerificationPanel verification={status.verification} />}
      {status && <StoragePanel client={client} network={status.network.name} storage={status.storage} />}
      {status && <SharingPanel sharing={status.sharing} />}
      <LogPanel entries={log} />
    </main>
  );
}
