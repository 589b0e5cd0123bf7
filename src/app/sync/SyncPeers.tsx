import type { MeasuredSyncPeer } from '../../client/types.ts';
import { formatBytes, formatMilliseconds, formatNumber, shortPeer } from '../../page/format.ts';
import { textOf } from '../../page/code-texts.ts';
import { texts } from '../../page/texts.ts';
import { healthNames, roleNames, syncTexts } from './sync-texts.ts';

const columns = [texts.peer, syncTexts.role, syncTexts.health, texts.height, syncTexts.quality, syncTexts.bandwidth, texts.latency, syncTexts.useful] as const;
const NONE = '–';

/** Every peer of the sync: its part, how it does, and why it is banned. */
export function SyncPeers({ peers }: { readonly peers: readonly MeasuredSyncPeer[] }) {
  if (peers.length === 0) return <p className="quiet small">{syncTexts.noPeers}</p>;
  return (
    <div className="scroll" role="group" aria-label={syncTexts.peers} tabIndex={0}>
      <table className="sync-peers small">
        <thead>
          <tr>{columns.map((name, index) => <th key={name} scope="col" className={index > 2 ? 'number' : ''}>{name}</th>)}</tr>
        </thead>
        <tbody>
          {peers.map((peer) => <PeerRow key={peer.id} peer={peer} />)}
        </tbody>
      </table>
    </div>
  );
}

function PeerRow({ peer: { id, address, role, health, height, quality, bandwidth, latency, useful, ban } }: { readonly peer: MeasuredSyncPeer }) {
  return (
    <tr data-testid="sync-peer" data-role={role} data-health={health}>
      <td><code title={`${id} ${address}`}>{shortPeer(id)}</code></td>
      <td>{roleNames[role]}</td>
      <td>{ban ? syncTexts.bannedFor(textOf(ban.code)) : healthNames[health]}</td>
      <td className="number">{formatNumber(height)}</td>
      <td className="number">{formatNumber(Math.round(quality))}</td>
      <td className="number">{bandwidth === undefined ? NONE : `${formatBytes(bandwidth)}/s`}</td>
      <td className="number">{latency === undefined ? NONE : formatMilliseconds(latency)}</td>
      <td className="number">{useful === undefined ? NONE : `${formatNumber(Math.round(useful * 100))} %`}</td>
    </tr>
  );
}
