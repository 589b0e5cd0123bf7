import '../src/network/node-web-socket.ts';
import { createAlbatrossNode } from '../src/chains/albatross/net/node.ts';
import type { AlbatrossNode } from '../src/chains/albatross/net/node-types.ts';
import type { Hash } from '../src/base/hash.ts';
import { systemClock, systemRandom } from '../src/base/system.ts';

/** Milliseconds. If the contacts are not carried by then, the devnet starts without them. */
const PATIENCE = 5000;
/** Milliseconds between two checks whether a visit is done. */
const POLL = 10;

/** Carries the peers' contacts to each other. */
export interface GoBetween {
  /** Its own peer id. The devnet reports no events about it. */
  readonly id: string;
  /** Collects the contacts in a first visit, and hands them out in a second. */
  introduce(): Promise<void>;
}

/**
 * The peers of a devnet are not connected to each other, so they do not learn of each other; real nodes know their neighbours and
 * pass them on. This node joins all peers twice: in the second visit its handshakes carry the contacts of all. `known` returns how
 * many contacts the peer with the fewest has.
 */
export async function createGoBetween(genesisHash: Hash, seeds: readonly string[], known: () => number): Promise<GoBetween> {
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
      await visit(node, () => node.peers().length >= seeds.length);
      await visit(node, () => known() >= seeds.length - 1);
    },
  };
}

/** Starts the node, and stops it as soon as `done` returns true or the time limit passes. */
async function visit(node: AlbatrossNode, done: () => boolean): Promise<void> {
  let timers: NodeJS.Timeout[] = [];
  await new Promise<void>((resolve) => {
    timers = [setTimeout(resolve, PATIENCE), setInterval(() => done() && resolve(), POLL)];
    node.start().catch(() => resolve());
  });
  for (const timer of timers) clearTimeout(timer);
  await node.stop();
}
