import type { Status } from '../../client/types.ts';
import { formatBytes } from '../../page/format.ts';
import { texts } from '../../page/texts.ts';
import { Fold } from './Fold.tsx';

/** What is sent to other Petrel clients and to nodes, the limits, and the addresses where other clients reach this one. */
export function SharingPanel({ sharing }: { readonly sharing: Status['sharing'] }) {
  const { uploaded, uploadCap, anyPeer = false, toNodes, relay, rtc, addresses } = sharing;
  const ofCap = (bytes: number, cap: number): string => `${formatBytes(bytes)}, ${texts.atMostAnHour(formatBytes(cap))}`;
  const facts = [
    [anyPeer ? texts.toPeers : texts.toPetrel, ofCap(uploaded, uploadCap), uploadCap > 0 || uploaded > 0],
    [texts.toNodes, ofCap(toNodes.bytes, toNodes.cap), toNodes.bytes > 0],
    [texts.throughRelays, ofCap(relay.bytes, relay.cap), relay.cap > 0],
    [texts.peerConnections, texts.openOfLimit(rtc.open, rtc.limit), rtc.limit > 0],
    [texts.ownAddresses, addresses.length === 0 ? texts.noRelay : texts.addresses(addresses.length), !anyPeer],
  ] as const;
  return (
    <Fold name="sharing" title={texts.sharing} gist={`${texts.given}: ${formatBytes(uploaded + toNodes.bytes)}`}>
      <p>{anyPeer ? texts.sharingWithPeers(uploadCap > 0) : uploadCap > 0 ? texts.sharingOn : texts.sharingOff}</p>
      <dl className="small">
        {facts.map(
          ([name, value, there]) =>
            there && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </Fold>
  );
}
