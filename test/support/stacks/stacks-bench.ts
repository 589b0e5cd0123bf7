import { afterEach, expect, vi } from 'vitest';
import type { StacksNet } from '../../../devnet/stacks/stacks-net.ts';
import type { ChainClient } from '../../../src/engine/driver.ts';
import { follow, serve, type FollowOptions } from './stacks-client.ts';

/** Starts networks and clients, and ends them after each test. */
export function stacksBench() {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });
  return {
    async network(options: Parameters<typeof serve>[0] = {}): Promise<StacksNet> {
      const net = await serve(options);
      ends.push(() => net.close());
      return net;
    },
    async clientOf({ network }: Pick<StacksNet, 'network'>, options: FollowOptions = {}) {
      const started = await follow(network, options);
      ends.push(() => started.client.close());
      return started;
    },
  };
}

export const waits = { interval: 20 };

export const atHead = (client: ChainClient, net: StacksNet) => vi.waitFor(() => expect(client.getHead().latest).toMatchObject({ height: net.tip.height, hash: net.tip.id }), waits);

export const banned = (client: ChainClient) => client.getPeers().filter(({ state }) => state === 'banned');
