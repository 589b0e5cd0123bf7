import type { PeerId } from '../../../engine/peers/peer-net.ts';
import { type AddressNotification, addressSubscriptionTopic, decodeGossip } from '../wire/gossip.ts';
import type { AlbatrossNode } from './node-types.ts';

/** Listens to what nodes tell us of the addresses we subscribed to. It is for us alone, so nothing is passed on. */
export function onAddressNotification(node: AlbatrossNode, listener: (from: PeerId, message: AddressNotification) => void): void {
  node.onGossip(addressSubscriptionTopic(node.peerId), async (from, data) => {
    let message: AddressNotification;
    try {
      message = decodeGossip('address-subscription', data);
    } catch {
      return 'undecodable';
    }
    listener(from, message);
    return 'ignore';
  });
}
