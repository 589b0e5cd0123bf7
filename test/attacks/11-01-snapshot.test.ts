import { describe, expect, it } from 'vitest';
import { LightChain } from '../../src/chains/albatross/chain/light-chain.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import type { MacroBlock } from '../../src/chains/albatross/wire/types.ts';
import { importSnapshot } from '../../src/chains/albatross/client/snapshot-import.ts';
import { FakeChain, fakeVerify } from '../support/fake-chain.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const fake = new FakeChain().growTo(456);
const election = fake.electionHead.block as MacroBlock;

function importFrom(...subnets: readonly string[]) {
  const clock = new VirtualClock(fake.head.block.header.timestamp);
  const make = () => new LightChain({ network: unitAlbatross, verify: fakeVerify, clock });
  return importSnapshot(
    { genesisHash: unitAlbatross.genesisHash, election, checkpoint: undefined, tail: [] },
    {
      chain: make(),
      trialChain: make,
      net: {
        peers: () => subnets.map((subnet, index) => ({ id: `p${index}`, services: 9, subnet, witness: true })),
        request: (async () => ({ ok: true, value: election })) as never,
      },
      clock,
      witnesses: 3,
    },
  );
}

describe('issue 11.1: a snapshot in an empty client', () => {
  it('is not confirmed by names alone, whatever their number', async () => {
    const names = ['name:a.example', 'name:b.example', 'name:c.example', 'name:d.example'];
    await expect(importFrom(...names)).rejects.toMatchObject({ code: 'not-confirmed', data: { peers: 1, wanted: 2 } });
    await expect(importFrom()).rejects.toMatchObject({ code: 'not-confirmed' });
  });

  it('is confirmed by a name and a peer with an address, which is asked first; a notice says that these are few witnesses', async () => {
    const anchor = await importFrom('name:a', 'name:b', 'name:c', 'name:d', 'name:e', 'name:f', 'name:g', '198.51.100.0/24');
    expect(anchor).toMatchObject({ kind: 'witnesses', fewWitnesses: true });
    expect(anchor?.witnesses[0]?.subnet).toBe('198.51.100.0/24');
    expect(await importFrom('name:a', 'operator:one', '198.51.100.0/24')).toMatchObject({ fewWitnesses: false });
  });
});
