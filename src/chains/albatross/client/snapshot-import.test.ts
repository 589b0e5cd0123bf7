import { expect, it } from 'vitest';
import { FakeChain, fakeVerify } from '../../../../test/support/fake-chain.ts';
import { LightChain } from '../chain/light-chain.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import type { SyncNet } from '../sync/net.ts';
import type { MacroBlock } from '../wire/types.ts';
import { importSnapshot } from './snapshot-import.ts';

const made = new FakeChain().growTo(470);
const newChain = () => new LightChain({ network: unitAlbatross, verify: fakeVerify, clock: { now: () => Number.MAX_SAFE_INTEGER } });

it("takes an election block's signatures from peers if the exporter had no verified ones", async () => {
  const exporter = newChain();
  expect(await exporter.pushElectionOnTrust(made.at(456).block)).toMatchObject({ result: 'extended' });
  const election = exporter.electionHead.block;
  expect(election.justification).toBeUndefined();
  const ours = newChain();
  expect(await ours.pushMacro(made.at(328).block)).toMatchObject({ result: 'extended' });
  // The first peer gives false ones.
  const whole = made.at(456).block as MacroBlock;
  const forged = { ...whole, justification: { ...whole.justification!, round: 7 } };
  const net = {
    peers: () => [0, 1, 2].map((n) => ({ id: `p${n}`, services: 9, subnet: `5.${n}.3.0/24`, witness: true })),
    request: async (peer: string) => ({ ok: true, value: peer === 'p0' ? forged : whole }),
  } as unknown as SyncNet;
  const options = { chain: ours, trialChain: newChain, net, now: () => 0, witnesses: 3 };
  await importSnapshot({ genesisHash: unitAlbatross.genesisHash, election, checkpoint: undefined, tail: [] }, options);
  expect(ours.electionHead.block).toEqual(whole);
});
