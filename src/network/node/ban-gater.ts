import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface';
import { banKeyOf, socketAddress } from '../addresses.ts';
import { browserAddress, isRelayed } from '../browser-addresses.ts';
import type { BanList } from '../ban-list.ts';

/**
 * Refuses banned peers at every step at which their address or id becomes known. `denyDialMultiaddr` also replaces js-libp2p's own check in
 * browsers, which refuses all plain WebSockets and private addresses; `dialRefusal` decides what may be dialled.
 */
export function banGater(bans: BanList): ConnectionGater {
  const banned = (peer: PeerId) => bans.get(peer.toString()) !== undefined;
  return {
    denyDialPeer: banned,
    denyDialMultiaddr: (address) => {
      // Browsers are banned by their id, not by address.
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
