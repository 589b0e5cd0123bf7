// Tests: `e2e/page.spec.ts`.
import type { Client, Status } from '../client/types.ts';
import { useHead, useLog, useNotices, usePeers, useStatus, useTrust } from '../react/hooks.ts';
import type { AppUpdate } from './app-update.ts';
import { AccountOnDemand } from './chains/albatross/AccountOnDemand.tsx';
import type { ChainParts } from './chains/chain-parts.ts';
import { useChainParts } from './chains/use-chain-parts.ts';
import { BlockOnDemand } from './parts/BlockOnDemand.tsx';
import { ChainPanel } from './parts/ChainPanel.tsx';
import { Footer } from './parts/Footer.tsx';
import { Header } from './parts/Header.tsx';
import { HeadPanel } from './parts/HeadPanel.tsx';
import { LookUp } from './parts/LookUp.tsx';
import { LogPanel } from './parts/LogPanel.tsx';
import { Notices } from './parts/Notices.tsx';
import { PeersPanel } from './parts/PeersPanel.tsx';
import { SharingPanel } from './parts/SharingPanel.tsx';
import { StoragePanel } from './parts/StoragePanel.tsx';
import { TrustPanel } from './parts/TrustPanel.tsx';
import { ProofOnDemand } from './proof/ProofOnDemand.tsx';
import { UpdateBar } from './parts/UpdateBar.tsx';
import { VerificationPanel } from './parts/VerificationPanel.tsx';
import { SyncFold } from './sync/SyncFold.tsx';
import { isRestored, useLevelsUsed } from './levels-used.ts';
import { nodeWordsOf } from './node-words.ts';
import { pageTexts } from './page-texts.ts';
import { useHeadShown } from './use-head-shown.ts';
import { useHeadLag, useRecentBlocks } from './use-chain-view.ts';
import { useRoute } from './use-route.ts';
import { parseQuery } from '../page/query.ts';
import { networkTexts } from '../page/texts.ts';
import { whyAlone } from '../page/why-alone.ts';

/** Whether the address names a network that is built in: one of Albatross. */
const isBuiltIn = () => networkTexts.has(parseQuery(location.search).network);

/** Reasons that often only a newer build resolves. */
const outdated: ReadonlySet<string> = new Set(['newer-build', 'files-gone', 'client-too-old']);

/**
 * The page: displays what the client knows. Nothing is decoded, hashed or verified here. The header is shown before the client exists, and
 * stays.
 */
export function App({ client, update }: { readonly client: Client | undefined; readonly update: AppUpdate }) {
  const status = useStatus(client);
  const { proof } = useRoute();
  const parts = useChainParts(status?.network.details.chain);
  return (
    <div className="app">
      <Header status={status} words={parts?.words} />
      <p className="intro">{parts?.words.what ?? (isBuiltIn() ? pageTexts.what : pageTexts.whatUnknown)}</p>
      <UpdateBar update={update} needed={outdated.has(status?.reason?.code ?? '')} />
      {proof ? <ProofOnDemand client={client} /> : client ? <Main client={client} status={status} parts={parts} /> : <Starting />}
      {status && <Footer status={status} />}
    </div>
  );
}

/** Placeholder for the content that comes with the client. */
function Starting() {
  return (
    <main aria-busy="true">
      <HeadPanel status={undefined} head={undefined} shown={false} trust={undefined} lags={[]} words={undefined} />
      <LookUp accounts={isBuiltIn()} />
      <p className="panel place-of-chain">{pageTexts.chainComes}</p>
    </main>
  );
}

function Main({ client, status, parts }: { readonly client: Client; readonly status: Status | undefined; readonly parts: ChainParts | undefined }) {
  const head = useHead(client);
  const peers = usePeers(client);
  const trust = useTrust(client);
  const log = useLog(client);
  const notices = useNotices(client);
  const recent = useRecentBlocks(client);
  const lags = useHeadLag(client);
  const shown = useHeadShown(status, head);
  const onlyGenesis = head?.latest.height === status?.network.genesisHeight;
  const used = useLevelsUsed(trust && head && !onlyGenesis && !isRestored(trust.anchor) ? trust.level : undefined);
  const { block, account, wrong } = useRoute();
  const accounts = status === undefined ? isBuiltIn() : status.network.details.chain === 'albatross';
  const state = { status, trust, peers: peers.length > 0 ? peers : undefined };
  if (block !== undefined || account !== undefined) {
    return (
      <main className="of-block">
        <Notices client={client} notices={notices} state={state} />
        <LookUp accounts={accounts} elsewhere={parts?.words.elsewhere} />
        {block !== undefined && <BlockOnDemand key={block} client={client} blockKey={block} status={status} head={head} parts={parts} />}
        {account !== undefined && <AccountOnDemand key={account} client={client} text={account} status={status} />}
      </main>
    );
  }
  return (
    <main>
      <Notices client={client} notices={notices} state={state} />
      <HeadPanel status={status} head={head} shown={shown} trust={trust} lags={lags} words={parts?.words} />
      <LookUp wrong={wrong} accounts={accounts} elsewhere={parts?.words.elsewhere} />
      {status && head && shown && parts ? <ChainPanel network={status.network} head={head} recent={recent} parts={parts} /> : <p className="panel place-of-chain" data-alone={whyAlone(status) !== undefined}>{pageTexts.chainComes}</p>}
      <div className="column">
        {trust && head ? <TrustPanel trust={trust} head={head} used={used} highest={parts?.highestLevel} onlyGenesis={onlyGenesis} first={parts?.words.first} assumed={parts?.assumed} /> : <div className="panel place-of-trust" />}
        {status && head && shown && parts?.Reader && <parts.Reader client={client} />}
        {status && <StoragePanel client={client} network={status.network.name} storage={status.storage} starting={status.phase === 'starting'} />}
        {status && <VerificationPanel verification={status.verification} />}
        {status && status.sharing.never !== true && <SharingPanel sharing={status.sharing} />}
      </div>
      <div className="column">
        {status && head && shown && parts?.WideReader && <parts.WideReader client={client} />}
        <PeersPanel peers={peers} words={nodeWordsOf(parts?.words)} standing={accounts ? pageTexts.standingHint : pageTexts.offencesHint} />
        <LogPanel entries={log} />
      </div>
      {status && <SyncFold client={client} network={status.network.name} />}
    </main>
  );
}
