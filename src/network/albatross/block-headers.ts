import type { GossipVerdict, PeerId } from '../../albatross/sync/net.ts';
import { decodeGossip, encodeGossip } from '../../albatross/wire/gossip.ts';
import type { BlockHeaderMessage } from '../../albatross/wire/types.ts';
import type { AlbatrossNode } from './node-types.ts';

const TOPIC = 'block-header';

/** Listens to announced blocks. What does not decode is rejected and never reaches the listener. */
export function onBlockHeader(node: AlbatrossNode, listener: (from: PeerId, message: BlockHeaderMessage) => Promise<GossipVerdict>): void {
  node.onGossip(TOPIC, async (from, data) => {
    let message: BlockHeaderMessage;
    try {
      message = decodeGossip(TOPIC, data);
    } catch {
      return 'reject';
    }
    return listener(from, message);
  });
}

/** Announces a block; resolves with the peers it was sent to. Throws `EncodeError`. */
export async function publishBlockHeader(node: AlbatrossNode, message: BlockHeaderMessage): Promise<readonly PeerId[]> {
  return node.publish(TOPIC, encodeGossip(TOPIC, message));
}
