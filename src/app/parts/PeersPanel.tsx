import type { PeerView } from '../../client/types.ts';
import { formatBytes, formatMilliseconds, formatMoment, formatNumber, shortPeer, unbroken } from '../../page/format.ts';
import { textOf } from '../../page/code-texts.ts';
import { peerStateTexts, texts, transportTexts } from '../../page/texts.ts';
import type { NodeWords } from '../chains/chain-parts.ts';
import { useGrowth } from '../use-chain-view.ts';
import { pageTexts } from '../page-texts.ts';
import { Fold } from './Fold.tsx';
import { Sparkline } from './Sparkline.tsx';

/** Every peer with its height, latency, bytes and standing, and the reason if it is not in good standing. */
export function PeersPanel({ peers, words, standing }: { readonly peers: readonly PeerView[]; readonly words: NodeWords; /** What the standing is. */ readonly standing: string }) {
  const growth = useGrowth(Object.fromEntries(peers.filter(({ id }) => id !== '').map(({ id, received }) => [id, received])));
  const live = peers.filter(({ state }) => state === 'live').length;
  const connected = peers.filter(isConnected).length;
  return (
    <Fold name="peers" title={words.title} gist={texts.peersLive(live, connected)}>
      {peers.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <div className="scroll" role="group" aria-labelledby="peers-title" tabIndex={0}>
          {/* Roles are explicit: the narrow layout is not displayed as a table, so screen readers would not treat it as one. */}
          <table role="table">
            <thead role="rowgroup">
              <tr role="row">
                <Head text={words.one} />
                <Head text={texts.state} />
                <Head text={texts.height} number />
                <Head text={texts.latency} number />
                <Head text={texts.received} number />
                <Head text={texts.standing} number />
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
      <p className="quiet small table-note">{standing}</p>
    </Fold>
  );
}

/** The state's text "Not reachable" already says this. */
function saidByState({ state, reason }: PeerView): boolean {
  return state === 'down' && reason?.code === 'dial-failed';
}

function isConnected({ state }: PeerView): boolean {
  return state !== 'down' && state !== 'connecting' && state !== 'banned';
}

function Head({ text, number }: { readonly text: string; readonly number?: boolean }) {
  return (
    <th role="columnheader" scope="col" className={number ? 'number' : ''}>
      {text}
    </th>
  );
}

function PeerRow({ peer, growth }: { readonly peer: PeerView; readonly growth: readonly number[] }) {
  return (
    <tr role="row" data-testid="peer" data-id={peer.id} data-state={peer.state} data-kind={peer.kind} data-reason={peer.reason?.code}>
      <td role="cell" className="who">
        {peer.id && peer.id !== peer.address && (
          <span className="id">
            <code title={peer.id}>{shortPeer(peer.id)}</code>
            {peer.kind === 'petrel' && <span className="kind small">{texts.petrelClient}</span>}
          </span>
        )}
        <span className="quiet small address">
          {!peer.address.startsWith(peer.transport) && <span className="transport">{transportTexts[peer.transport]}</span>} {peer.address}
        </span>
      </td>
      <td role="cell" className="how">
        <span className="tag" data-state={peer.state}>
          {peerStateTexts[peer.state]}
        </span>
        {peer.reason && !saidByState(peer) && <span className="reason small">{textOf(peer.reason.code, peer.reason.data)}</span>}
        {peer.bannedUntil !== undefined && <span className="reason small">{pageTexts.bannedUntil(formatMoment(peer.bannedUntil))}</span>}
      </td>
      <td role="cell" className="number" data-label={texts.height}>
        {peer.height === undefined ? '–' : formatNumber(peer.height)}
      </td>
      <td role="cell" className="number" data-label={texts.latency}>
        {peer.latency === undefined ? '–' : unbroken(formatMilliseconds(peer.latency))}
      </td>
      <td role="cell" className="number received" data-label={texts.received}>
        {isConnected(peer) && <Sparkline values={growth} room={30} atLeast={2000} />}
        {isConnected(peer) || peer.received > 0 ? unbroken(formatBytes(peer.received)) : '–'}
      </td>
      <td role="cell" className="number" data-label={texts.standing}>
        {formatNumber(Math.round(peer.score))}
      </td>
    </tr>
  );
}
