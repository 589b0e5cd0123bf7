import type { GossipVerdict, PeerId } from '../../../engine/peers/peer-net.ts';
import { decodeGossip, encodeGossip, isPadded } from '../wire/gossip.ts';
import type { BlockHeaderMessage } from '../wire/types.ts';
import type { AlbatrossNode } from './node-types.ts';

const TOPIC = 'block-header';

/** Listens to announced blocks. Messages that cannot be decoded, or are not encoded in the only valid way, never reach the listener. `size`: bytes of the message. */
export function onBlockHeader(node: AlbatrossNode, listener: (from: PeerId, message: BlockHeaderMessage, size: number) => Promise<GossipVerdict>): void {
  node.onGossip(TOPIC, async (from, data) => {
    let message: BlockHeaderMessage;
    try {
      message = decodeGossip(TOPIC, data);
    } catch {
      return isPadded(TOPIC, data) ? 'padded' : 'undecodable';
    }
    return listener(from, message, data.length);
  });
}

/** Announces a block; resolves with the peers it was sent to. Throws `EncodeError`. */
export async function publishBlockHeader(node: AlbatrossNode, message: BlockHeaderMessage): Promise<readonly PeerId[]> {
  return node.publish(TOPIC, encodeGossip(TOPIC, message));
}
