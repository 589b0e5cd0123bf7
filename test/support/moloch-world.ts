import { afterEach, expect } from 'vitest';
import { MolochNet, type MolochNetOptions } from '../../devnet/moloch/moloch-net.ts';
import { type FollowerOptions, MolochFollower } from './moloch-follower.ts';

/** One local Moloch network a test, and clients that follow it as the hub runs them. All of them end with the test. */
export function molochWorld() {
  const ends: (() => Promise<void>)[] = [];
  let net: MolochNet;
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });
  return {
    get net(): MolochNet {
      return net;
    },
    async start(options: MolochNetOptions): Promise<MolochNet> {
      net = await MolochNet.start(options);
      ends.push(() => net.close());
      return net;
    },
    async follow(options: FollowerOptions = {}): Promise<MolochFollower> {
      const follower = await MolochFollower.start(net, options);
      ends.push(() => follower.close());
      return follower;
    },
    reached: (follower: MolochFollower, height: number, final = height) => follower.until(() => expect(follower.at).toBe(`${height}/${final}`)),
    headIs: (follower: MolochFollower, height: number) => expect(follower.client.getHead().latest).toMatchObject({ height, hash: net.chain[height]!.hash }),
  };
}
