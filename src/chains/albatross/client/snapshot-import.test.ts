import { describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify } from '../../../../test/support/fake-chain.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { sleep } from '../../../base/clock.ts';
import { LightChain } from '../chain/light-chain.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
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
  const options = { chain: ours, trialChain: newChain, net, clock: new VirtualClock(), witnesses: 3 };
  await importSnapshot({ genesisHash: unitAlbatross.genesisHash, election, checkpoint: undefined, tail: [] }, options);
  expect(ours.electionHead.block).toEqual(whole);
});

describe('the confirmation of an election block', () => {
  /** Imports a snapshot into an empty client; `time`: milliseconds until it was taken. */
  async function confirmed(peers: Readonly<Record<string, 'holds' | 'lacks' | 'silent'>>) {
    const clock = new VirtualClock();
    const asked: string[] = [];
    const net = {
      peers: () => Object.keys(peers).map((id, n) => ({ id, services: 9, subnet: `5.${n}.3.0/24`, witness: true })),
      request: async (peer: string, _kind: string, _body: unknown, { signal }: { readonly signal?: AbortSignal }) => {
        asked.push(peer);
        await sleep(clock, peers[peer] === 'silent' ? 10_000 : 100, signal);
        if (peers[peer] === 'silent') throw new RequestError('timeout', 'silent');
        return peers[peer] === 'holds' ? { ok: true, value: made.at(456).block } : { ok: false, error: 'Unknown' };
      },
    } as unknown as SyncNet;
    const ours = newChain();
    const snapshot = { genesisHash: unitAlbatross.genesisHash, election: made.at(456).block as MacroBlock, checkpoint: undefined, tail: [] };
    const importing = importSnapshot(snapshot, { chain: ours, trialChain: newChain, net, clock, witnesses: 3 });
    return { anchor: await clock.until(importing), time: clock.monotonic(), asked };
  }

  it('asks another peer beside a silent one', async () => {
    const { anchor, time, asked } = await confirmed({ a: 'silent', b: 'holds', c: 'holds', d: 'holds', e: 'holds' });
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
    expect(anchor).toMatchObject({ kind: 'witnesses', fewWitnesses: false, witnesses: [{ peer: 'b' }, { peer: 'c' }, { peer: 'd' }] });
    expect(time).toBeLessThan(3000);
  });

  it('asks another peer for one that does not hold the block', async () => {
    const { anchor, time } = await confirmed({ a: 'lacks', b: 'lacks', c: 'holds', d: 'lacks', e: 'holds', f: 'holds' });
    expect(anchor).toMatchObject({ witnesses: [{ peer: 'c' }, { peer: 'e' }, { peer: 'f' }] });
    expect(time).toBeLessThan(1000);
  });

  it('goes on with few witnesses if all others are silent', async () => {
    const { anchor, time } = await confirmed({ a: 'holds', b: 'silent', c: 'holds', d: 'silent', e: 'silent' });
    expect(anchor).toMatchObject({ fewWitnesses: true, witnesses: [{ peer: 'a' }, { peer: 'c' }] });
    expect(time).toBeLessThan(5000);
  });

  it('fails if only one confirms', async () => {
    await expect(confirmed({ a: 'holds', b: 'lacks', c: 'silent' })).rejects.toMatchObject({ code: 'not-confirmed', data: { peers: 1, wanted: 2 } });
  });
});
