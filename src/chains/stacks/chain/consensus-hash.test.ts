import { expect, it } from 'vitest';
import { chainA, chainB } from '../../../../test/support/stacks-vectors.ts';
import { consensusHashOf } from './consensus-hash.ts';

it('is that of all recorded sortitions, and another if any part differs', () => {
  let count = 0;
  for (const { sortitions } of [chainA, chainB]) {
    for (const it of sortitions.slice(1)) {
      const parts = { burnHeaderHash: it.burn_hash, opsHash: it.ops_hash, totalBurn: BigInt(it.total_burn), poxId: it.pox_id };
      const earlier = (height: number) => sortitions[height]!.consensus_hash;
      expect(consensusHashOf(parts, it.height, earlier)).toBe(it.consensus_hash);
      expect(consensusHashOf({ ...parts, poxId: `${it.pox_id}1` }, it.height, earlier)).not.toBe(it.consensus_hash);
      expect(consensusHashOf({ ...parts, totalBurn: parts.totalBurn + 1n }, it.height, earlier)).not.toBe(it.consensus_hash);
      count += 1;
    }
  }
  expect(count).toBe(144);
});
