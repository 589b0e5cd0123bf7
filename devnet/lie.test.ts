import { describe, expect, it } from 'vitest';
import { blockHash } from '../src/chains/albatross/chain/hashes.ts';
import { createDevnet } from './devnet.ts';

const quiet = { port: 0, blockTime: 0, seed: 'lie' } as const;

describe('--lie', () => {
  it('makes the first n peers serve one forged chain, linked and growing; the others serve the true one', async () => {
    const devnet = await createDevnet({ ...quiet, peers: 3, lie: 2, epochs: 3, lieFrom: 1, version: 2, validators: 3 });
    try {
      const [first, second, honest] = devnet.peers.map(({ view }) => view);
      expect(devnet.info().peers.map(({ faults }) => faults)).toEqual([['lie'], ['lie'], []]);
      await devnet.produce(128);
      expect(first!.head.height).toBe(devnet.chain.head.height);
      expect(second!.head.hash).toBe(first!.head.hash);
      expect(honest!.head.hash).toBe(devnet.chain.head.hash);
      for (let height = 328; height <= devnet.chain.head.height; height++) {
        const [lie, truth] = [first!.at(height), honest!.at(height)];
        expect(lie === undefined, `block ${height}`).toBe(truth === undefined);
        if (!lie || !truth) continue;
        expect(lie.hash).not.toBe(truth.hash);
        expect(blockHash(lie.block)).toBe(lie.hash);
        expect(lie.block.header.version).toBe(truth.block.header.version);
        const before = first!.at(height - 1);
        // In the made-up history the election blocks have unknown parents.
        const linked = height > 328 && before !== undefined;
        expect(linked ? lie.block.header.parentHash : undefined).toBe(linked ? before.hash : undefined);
        const next = height > 328 && lie.block.type === 'macro' ? lie.block.header.parentElectionHash : undefined;
        expect(next).toBe(next && first!.at(devnet.chain.policy.electionBlockBefore(height))?.hash);
      }
      expect(first!.electionHead.height).toBe(712);
    } finally {
      await devnet.close();
    }
  });

  it('begins when the chain reaches the election block, and ends on command', async () => {
    const devnet = await createDevnet({ ...quiet, peers: 2, lie: 1 });
    try {
      const { view } = devnet.peers[0]!;
      await devnet.produce(127);
      expect(view.head.hash).toBe(devnet.chain.head.hash);
      await devnet.produce(1);
      expect(view.head.height).toBe(328);
      expect(view.head.hash).not.toBe(devnet.chain.head.hash);
      expect(devnet.eventsOf('faulty-block')).toMatchObject([{ peer: 0, fault: 'lie', height: 328, instead: devnet.chain.head.hash }]);
      expect(await devnet.lie(2)).toMatchObject([{ fault: 'lie', height: 328, made: { hash: view.head.hash } }]);
      await devnet.lie(0);
      expect(view.head.hash).toBe(devnet.chain.head.hash);
      await expect(devnet.lie(3)).rejects.toMatchObject({ name: 'DevnetError', code: 'impossible' });
    } finally {
      await devnet.close();
    }
  });
});
