import type { PeerView } from '../../client/types.ts';
import { formatBytes, formatMilliseconds, formatNumber, shortPeer } from '../format.ts';
import { peerStateTexts, texts, textOf, transportTexts } from '../texts.ts';
import { useGrowth } from '../use-chain-view.ts';
import { Sparkline } from './Sparkline.tsx';

/** Every peer with its height, latency, bytes and standing, and the reason where it is not in good standing. */
export function PeersPanel({ peers }: { readonly peers: readonly PeerView[] }) {
  const growth = useGrowth(Object.fromEntries(peers.filter(({ id }) => id !== '').map(({ id, received }) => [id, received])));
  const live = peers.filter(({ state }) => state === 'live').length;
  const connected = peers.filter(isConnected).length;
  return (
    <section className="panel peers" aria-labelledby="peers-title">
      <h2 id="peers-title" className="label">
        {texts.peers} {peers.length > 0 && <span className="count">{texts.peersLive(live, connected)}</span>}
      </h2>
      {peers.length === 0 ? (
        <p className="quiet">{texts.noPeers}</p>
      ) : (
        <div className="scroll" role="group" aria-labelledby="peers-title" tabIndex={0}>
          {/* Roles are named because the narrow layout is no table any more, and would not be one for a screen reader either. */}
          <table role="table">
            <thead role="rowgroup">
              <tr role="row">
                <Head text={texts.peer} />
                <Head text={texts.state} />
                <Head text={texts.height} number />
                <Head text={texts.latency} number />
                <Head text={texts.received} number />
                <Head text={texts.standing} number title={texts.standingHint} />
              </tr>
            </thead>
            <tbody role="rowgroup">
              {peers.map((peer) => (
                <PeerRow key={`${peer.id} ${peer.address}`} peer={peer} growth={growth[peer.id] ?? []} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function isConnected({ state }: PeerView): boolean {
  return state !== 'down' && state !== 'connecting' && state !== 'banned';
}

function Head({ text, number, title }: { readonly text: string; readonly number?: boolean; readonly title?: string }) {
  return (
    <th role="columnheader" scope="col" className={number ? 'number' : ''} title={title}>
      {text}
    </th>
  );
}

function PeerRow({ peer, growth }: { readonly peer: PeerView; readonly growth: readonly number[] }) {
  return (
    <tr role="row" data-testid="peer" data-id={peer.id} data-state={peer.state} data-kind={peer.kind} data-reason={peer.reason?.code}>
      <td role="cell" className="who">
        {peer.id && (
          <span className="id">
            <code title={peer.id}>{shortPeer(peer.id)}</code>
            {peer.kind === 'petrel' && <span className="kind small">{texts.petrelClient}</span>}
          </span>
        )}
        <span className="quiet small address">
          <span className="transport">{transportTexts[peer.transport]}</span> {peer.address}
        </span>
      </td>
      <td role="cell" className="how">
        <span className="tag" data-state={peer.state}>
          {peerStateTexts[peer.state]}
        </span>
        {peer.reason && <span className="reason small">{textOf(peer.reason.code, peer.reason.data)}</span>}
      </td>
      <td role="cell" className="number" data-label={texts.height}>
        {peer.height === undefined ? '–' : formatNumber(peer.height)}
      </td>
      <td role="cell" className="number" data-label={texts.latency}>
        {peer.latency === undefined ? '–' : formatMilliseconds(peer.latency)}
      </td>
      <td role="cell" className="number received" data-label={texts.received}>
        {isConnected(peer) && <Sparkline values={growth} room={30} atLeast={2000} />}
        {isConnected(peer) || peer.received > 0 ? formatBytes(peer.received) : '–'}
      </td>
      <td role="cell" className="number" data-label={texts.standing}>
        {formatNumber(Math.round(peer.score))}
      </td>
    </tr>
  );
}
