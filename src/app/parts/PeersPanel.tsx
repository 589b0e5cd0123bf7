import type { PeerView } from '../../client/types.ts';
import { formatNumber, shortPeer } from '../format.ts';
import { peerStateTexts, texts, textOf } from '../texts.ts';

/** Every peer with its height, latency, standing, and the reason where it is not in good standing. */
export function PeersPanel({ peers }: { readonly peers: readonly PeerView[] }) {
  return (
    <section className="panel peers" aria-labelledby="peers-title">
      <h2 id="peers-title">{texts.peers}</h2>
      {peers.length === 0 ? (
        <p className="quiet">{texts.noPeers}</p>
      ) : (
        <div className="scroll" role="region" aria-labelledby="peers-title" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.peer}</th>
                <th scope="col">{texts.state}</th>
                <th scope="col" className="number">
                  {texts.height}
                </th>
                <th scope="col" className="number">
                  {texts.latency}
                </th>
              </tr>
            </thead>
            <tbody>
              {peers.map((peer) => (
                <PeerRow key={`${peer.id} ${peer.address}`} peer={peer} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function PeerRow({ peer }: { readonly peer: PeerView }) {
  return (
    <tr data-testid="peer" data-id={peer.id} data-state={peer.state} data-reason={peer.reason?.code}>
      <td>
        <code title={peer.id}>{peer.id ? shortPeer(peer.id) : ''}</code> <span className="quiet">{peer.address}</span>
      </td>
      <td>
        <span className="tag" data-state={peer.state}>
          {peerStateTexts[peer.state]}
        </span>
        {peer.reason && <span className="reason"> {textOf(peer.reason.code, peer.reason.data)}</span>}
      </td>
      <td className="number">{peer.height === undefined ? '' : formatNumber(peer.height)}</td>
      <td className="number">{peer.latency === undefined ? '' : `${formatNumber(Math.round(peer.latency))} ms`}</td>
    </tr>
  );
}
