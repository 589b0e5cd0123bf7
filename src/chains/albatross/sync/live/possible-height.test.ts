import { expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import { policyOf } from '../../chain/policy-of.ts';
import { possibleHeight } from './possible-height.ts';

it('issue 11.1: the highest possible block is at twice the block rate since genesis, plus an epoch', () => {
  const genesis = new FakeChain().head;
  const at = (ms: number) => possibleHeight({ genesis: { ...genesis, kind: 'election' } as never, network: unitAlbatross, policy: policyOf(unitAlbatross) }, genesis.block.header.timestamp + ms);
  expect([at(-5_000_000), at(0), at(1000), at(1_000_000)]).toEqual([328, 328, 330, 2328]);
});
