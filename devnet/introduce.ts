import '../src/network/node-web-socket.ts';
import { createAlbatrossNode } from '../src/network/albatross/node.ts';
import type { AlbatrossNode } from '../src/network/albatross/node-types.ts';
import type { Hash } from '../src/albatross/wire/types.ts';
import { systemClock, systemRandom } from '../src/network/system.ts';

/** Milliseconds; contacts that could not be carried are no reason not to start. */
const PATIENCE = 5000;

/** Brings the peers' contacts to each other. */
export interface GoBetween {
  /** Its own peer id: what the network sees of it is not worth telling. */
  readonly id: string;
  /** Collects the contacts on a first round, and hands them out on a second. */
  introduce(): Promise<void>;
}

/**
 * The peers of a devnet are not connected to each other, so nobody tells them of one another; real nodes know their neighbours and
 * pass them on. This node joins all of them twice: the second time its handshakes carry everybody's contact.
 */
export async function createGoBetween(genesisHash: Hash, seeds: readonly string[]): Promise<GoBetween> {
  const node = await createAlbatrossNode({
    genesisHash,
    seeds,
    services: 0,
    requiredServices: 0,
    desiredPeers: seeds.length,
    maxPeers: seeds.length + 1,
    clock: systemClock,
    random: systemRandom,
  });
  return {
    id: node.peerId,
    introduce: async () => {
      await visit(node, seeds.length);
      await visit(node, seeds.length);
    },
  };
}

async function visit(node: AlbatrossNode, count: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let off: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
    off = node.events.on('joined', () => {
      if (node.peers().length >= count) resolve();
    });
    node.start().catch(() => resolve());
  });
  clearTimeout(timer);
  off?.();
  await node.stop();
}
