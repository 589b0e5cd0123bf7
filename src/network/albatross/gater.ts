import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface';
import { banKeyOf, socketAddress } from '../addresses.ts';
import { browserAddress, isRelayed } from '../browser-addresses.ts';
import type { BanList } from '../ban-list.ts';

/**
 * Refuses who is banned, at every step at which its address or its id becomes known. `denyDialMultiaddr` also stands in for
 * js-libp2p's own in browsers, which refuses all plain WebSockets and private addresses; what may be dialled is decided in
 * `dialRefusal`.
 */
export function banGater(bans: BanList): ConnectionGater {
  const banned = (peer: PeerId) => bans.get(peer.toString()) !== undefined;
  return {
    denyDialPeer: banned,
    denyDialMultiaddr: (address) => {
      // A browser's own bans are by its id.
      if (isRelayed(address)) return browserAddress(address) === undefined;
      const socket = socketAddress(address);
      return socket === undefined || bans.get(banKeyOf(socket)) !== undefined;
    },
    denyInboundConnection: (connection: MultiaddrConnection) => {
      const socket = socketAddress(connection.remoteAddr);
      return socket !== undefined && bans.get(banKeyOf(socket)) !== undefined;
    },
    denyInboundRelayedConnection: (_relay, peer) => banned(peer),
    denyInboundEncryptedConnection: banned,
    denyOutboundEncryptedConnection: banned,
  };
}
