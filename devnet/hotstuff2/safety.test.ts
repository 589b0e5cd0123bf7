import { describe, expect, it } from 'vitest';
import { runs } from '../../test/support/runs.ts';
import { seededRandom } from '../seeded-random.ts';
import { HotStuff2Net } from './hotstuff2-net.ts';

/** What happens between two looks: partitions, crashes, restarts, time, blocks. One replica may be Byzantine the whole time. */
async function trouble(seed: string, steps: number): Promise<HotStuff2Net> {
  const random = seededRandom(seed, 'trouble');
  const choose = (n: number) => Math.floor(random.next() * n);
  const replicas = 4 + 3 * choose(2);
  const net = await HotStuff2Net.start({ seed, replicas });
  const all = Array.from({ length: replicas }, (_, i) => i);
  if (choose(2) === 0) await net.fault(choose(replicas), 'equivocating-leader');
  for (let i = 0; i < steps; i++) {
    switch (choose(6)) {
      case 0: {
        const side = all.map(() => choose(2));
        await net.partition([all.filter((index) => side[index] === 0), all.filter((index) => side[index] === 1)]);
        break;
      }
      case 1:
        await net.partition(undefined);
        break;
      case 2:
        await net.stop(choose(replicas));
        break;
      case 3:
        await net.startReplica(choose(replicas));
        break;
      case 4:
        // A block takes some milliseconds, a timeout seconds.
        if (choose(4) === 0) await net.pass(choose(200), { blocks: true });
        else await net.pass(choose(10_000));
        break;
      default:
        // Without a quorum there is nothing to make.
        await net.produce(1 + choose(8)).catch(() => undefined);
    }
  }
  return net;
}

describe('safety and progress of the local HotStuff-2 network', () => {
  const seeds = Array.from({ length: runs(12, 300).numRuns }, (_, i) => `trouble ${i}`);

  it.each(seeds)('never has two truths, and goes on when all is well again: %s', async (seed) => {
    const net = await trouble(seed, 14);
    try {
      await net.partition(undefined);
      for (const index of net.replicas.keys()) await net.fault(index, 'none');
      await net.produce(6);
      expect(net.log.conflicts).toEqual([]);
      const chains = net.replicas.map(({ store }) => store.final.map(({ hash }) => hash));
      for (const chain of chains) expect(chain).toEqual(chains[0]);
    } finally {
      await net.close();
    }
  });
});
