/** Nodes on loopback for the tests of this room. */
import '../../src/network/node-web-socket.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { Emitter } from '../../src/base/emitter.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { createAlbatrossNode } from '../../src/chains/albatross/net/node.ts';
import type { AlbatrossNode, AlbatrossNodeOptions } from '../../src/chains/albatross/net/node.ts';

export const GENESIS = '4f8f18fcfe98ccacee0745b6aa69365cd28c836f962d577de57f04aa17fe54a1';

/** Nodes that are stopped by `stopAll`. */
const started: AlbatrossNode[] = [];

/** Starts a node. By default it listens on a free loopback port, dials no address and serves headers. */
export async function startNode(options: Partial<AlbatrossNodeOptions> = {}): Promise<AlbatrossNode> {
  const node = await createAlbatrossNode({
    genesisHash: GENESIS, seeds: [], services: 9, requiredServices: 8, listen: ['/ip4/127.0.0.1/tcp/0/ws'], clock: systemClock, random: systemRandom, ...options,
  });
  started.push(node);
  await node.start();
  return node;
}

/** A node that does not listen and dials `servers`. */
export function startClient(servers: readonly AlbatrossNode[], options: Partial<AlbatrossNodeOptions> = {}): Promise<AlbatrossNode> {
  return startNode({ listen: [], services: 0, seeds: servers.map(addressOf), ...options });
}

export function addressOf(node: AlbatrossNode): string {
  return node.addresses[0] as string;
}

export async function stopAll(): Promise<void> {
  await Promise.all(started.splice(0).map((node) => node.stop()));
}

/** The next event that `accept` returns true for. The test's own time limit ends the wait. */
export function nextEvent<Events extends object, K extends keyof Events>(events: Emitter<Events>, name: K, accept: (event: Events[K]) => boolean = () => true): Promise<Events[K]> {
  return new Promise((resolve) => {
    const off = events.on(name, (event) => {
      if (!accept(event)) return;
      off();
      resolve(event);
    });
  });
}

/** Resolves when `node` has joined `peer`. */
export async function joined(node: AlbatrossNode, peer: AlbatrossNode): Promise<void> {
  if (!node.peers().some((known) => known.id === peer.peerId)) await nextEvent(node.events, 'joined', (event) => event.id === peer.peerId);
}

/** Resolves when `node` knows that `peer` subscribes to `topic`. */
export async function subscribed(node: AlbatrossNode, peer: AlbatrossNode, topic: string): Promise<void> {
  if (!node.subscribers(topic).includes(peer.peerId)) await nextEvent(node.events, 'subscription', (event) => event.peer === peer.peerId && event.topic === topic && event.subscribed);
}

/** A clock that stands still except for timers. So counts per time window do not depend on the duration of the test. */
export const stillClock: Clock = { ...systemClock, monotonic: () => 0 };

/** A clock whose timers run `factor` times as fast, so that time limits pass sooner. */
export function fastTimers(factor: number): Clock {
  return { ...systemClock, after: (ms, callback) => systemClock.after(ms / factor, callback) };
}
