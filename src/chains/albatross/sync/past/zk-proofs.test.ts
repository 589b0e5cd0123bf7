import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../../test/support/fake-net.ts';
import type { FakePeerOptions } from '../../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';
import type { WorldOptions } from '../../../../../test/support/sync-world.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import { macroVoteHash } from '../../chain/hashes.ts';
import type { ZkpResponse } from '../../wire/requests.ts';
import type { MacroBlock } from '../../wire/types.ts';

let world: SyncWorld;
const begin = (options: WorldOptions = {}) => (world = new SyncWorld({ prove: true, ...options })).start();
afterEach(async () => {
  await world.end();
});

const electionOf = (epoch: number) => 200 + 128 * epoch;
const proven = () => world.sync.anchor.kind === 'genesis' && world.chain.head.height > 200;

/** The answer of a 1.x node that has a proof for the end of this epoch. */
function proofOf(chain: FakeChain, epoch: number): Extract<ZkpResponse, { type: 'proof' }> {
  const block = chain.at(electionOf(epoch)).block as MacroBlock;
  const proof = new Uint8Array(475);
  proof.set(macroVoteHash(block.header));
  return { type: 'proof', proof: { blockNumber: electionOf(epoch), proof }, block };
}

const giving = (answer: (height: number) => ZkpResponse): FakePeerOptions => ({ twists: { zkp: ({ blockNumber }) => answer(blockNumber) } });

describe('a zero-knowledge proof', () => {
  it('for the anchor itself makes the chain proven, without a single election block', async () => {
    const chain = new FakeChain().growTo(electionOf(8) + 20);
    await begin();
    world.net.join(...world.peers(4, chain, giving(() => proofOf(chain, 8))));
    await world.clock.untilTrue(proven);
    expect(world.sync.anchor.proof).toEqual({ height: electionOf(8), hash: chain.at(electionOf(8)).hash });
    expect(world.chain.checked).toMatchObject({ proofs: 1, electionBlocks: 0 });
    expect(world.log).toContain('zkp-applied');
    expect(world.net.lies).toEqual([]);
  });

  it('for an older block is continued from there, block by block', async () => {
    const chain = new FakeChain().growTo(electionOf(8) + 20);
    await begin();
    world.net.join(...world.peers(4, chain, giving((height) => (height < electionOf(5) ? proofOf(chain, 5) : { type: 'outdated', blockNumber: electionOf(5) }))));
    await world.clock.untilTrue(proven);
    expect(world.chain.checked).toMatchObject({ proofs: 1, electionBlocks: 3, justifications: 3 });
    expect(world.sync.anchor.proof?.height).toBe(electionOf(5));
  });

  it('is taken though eight peers that are live call theirs outdated and show no election block', async () => {
    const chain = new FakeChain().growTo(electionOf(4) + 20);
    const nothing: FakePeerOptions['twists'] = {
      'macro-chain': ({ locators }, honest) => (locators.length === 1 && locators[0] === chain.at(200).hash ? { ok: true, value: { epochs: [], checkpoint: undefined } } : honest()),
    };
    await begin();
    world.net.join(...world.peers(8, chain, { twists: { ...nothing, zkp: () => ({ type: 'outdated', blockNumber: 200 }) } }, 'withholding'));
    await world.clock.untilTrue(() => world.sync.anchor.kind === 'witnesses');
    world.net.join(...world.peers(1, chain, { twists: { ...nothing, zkp: () => proofOf(chain, 4) } }, 'honest'));
    await world.clock.untilTrue(proven);
    expect(world.chain.checked).toMatchObject({ proofs: 1, electionBlocks: 0 });
  });

  it('that is outdated is no lie, and the election chain proves the rest', async () => {
    const chain = new FakeChain().growTo(electionOf(4) + 20);
    await begin();
    world.net.join(...world.peers(4, chain, giving(() => ({ type: 'outdated', blockNumber: 200 }))));
    await world.clock.untilTrue(proven);
    expect(world.log).toContain('zkp-outdated');
    expect(world.log.filter((code) => code === 'proof-by-election-chain')).toHaveLength(1);
    expect(world.chain.checked).toMatchObject({ proofs: 0, electionBlocks: 4 });
    expect(world.net.lies).toEqual([]);
  });

  it('is not needed where nodes do not know the request: each is asked once, and its score stays', async () => {
    const chain = new FakeChain().growTo(electionOf(40) + 20);
    await begin();
    world.net.join(...world.peers(4, chain));
    await world.clock.untilTrue(proven);
    const asked = world.net.asked('zkp').map(({ peer }) => peer);
    expect(new Set(asked).size).toBe(asked.length);
    expect(world.net.reports.filter(({ kind }) => kind !== 'useful')).toEqual([]);
  });

  it('is not requested where the network has no verifying key', async () => {
    const chain = new FakeChain().growTo(electionOf(4) + 20);
    await begin({ network: { ...unitAlbatross, zkp: undefined } });
    world.net.join(...world.peers(4, chain, giving(() => proofOf(chain, 4))));
    await world.clock.untilTrue(proven);
    expect(world.net.asked('zkp')).toEqual([]);
  });

  it.each<[string, (chain: FakeChain) => ZkpResponse]>([
    ['zkp-invalid', (chain) => ({ ...proofOf(chain, 4), proof: { blockNumber: electionOf(4), proof: new Uint8Array(475) } })],
    ['zkp-invalid', (chain) => ({ ...proofOf(chain, 4), proof: { blockNumber: electionOf(4), proof: proofOf(chain, 3).proof.proof } })],
    ['zkp-block-differs', (chain) => ({ ...proofOf(chain, 4), block: proofOf(chain, 3).block })],
    ['zkp-missing', (chain) => ({ ...proofOf(chain, 4), proof: { blockNumber: electionOf(4), proof: undefined } })],
    ['not-an-election-block', (chain) => ({ ...proofOf(chain, 4), proof: { blockNumber: 232, proof: new Uint8Array(475) }, block: chain.at(232).block as MacroBlock })],
  ])('that is wrong leads to a ban of its sender: %s', async (code, answer) => {
    const chain = new FakeChain().growTo(electionOf(4) + 20);
    await begin();
    // The client is live before the proof.
    world.net.join(...world.peers(1, chain, { ...giving(() => answer(chain)), latency: 1 }, 'liar'), ...world.peers(3, chain));
    await world.clock.untilTrue(() => proven() && world.net.lies.length > 0);
    expect(world.net.lies).toEqual([`liar0 ${code}`]);
    expect(world.log).toContain('zkp-invalid');
    expect(world.chain.checked).toMatchObject({ proofs: 0, electionBlocks: 4 });
  });

  it('without its block is useless but no lie', async () => {
    const chain = new FakeChain().growTo(electionOf(4) + 20);
    await begin();
    world.net.join(...world.peers(4, chain, giving(() => ({ ...proofOf(chain, 4), block: undefined }))));
    await world.clock.untilTrue(proven);
    expect(world.net.lies).toEqual([]);
    expect(world.chain.checked.proofs).toBe(0);
  });

  it('issue 11: silent peers do not delay it one after the other, and few requests run at a time', async () => {
    const chain = new FakeChain().growTo(electionOf(8) + 20);
    await begin();
    const silent = world.peers(5, chain, { witness: false, twists: { zkp: () => 'stall' } }, 'silent');
    world.net.join(...silent, ...world.peers(1, chain, { witness: false, ...giving(() => proofOf(chain, 8)) }));
    await world.clock.untilTrue(proven);
    expect(world.chain.checked).toMatchObject({ proofs: 1, electionBlocks: 0 });
    const asked = world.net.asked('zkp');
    // Three at a time, each for at most 8 s: less than 40 s.
    expect(asked.map(({ at }) => at - asked[0]!.at)).toEqual([0, 2000, 4000, 8000, 10_000, 12_000]);
    expect(world.net.banned).toEqual([]);
  });

  it('issue 11: is not awaited without limit when silent peers come one after the other', async () => {
    const chain = new FakeChain().growTo(electionOf(8) + 20);
    await begin();
    world.net.join(...world.peers(3, chain));
    for (let at = 0; at < 24; at += 1) {
      world.net.join(new FakePeer(`silent${at}`, chain, { latency: 1, twists: { zkp: () => 'stall' } }));
      world.net.leave(`silent${at - 4}`);
      await world.clock.advance(5000);
    }
    expect(proven()).toBe(true);
  });

  it('for another block than the anchor refutes the anchor', async () => {
    const chain = new FakeChain().growTo(electionOf(6) + 20);
    const forged = new FakeChain(9).growTo(electionOf(6) + 20);
    const anchor = { kind: 'witnesses', height: electionOf(6), hash: forged.at(electionOf(6)).hash, witnesses: [{ peer: 'w0', subnet: 'w0', saidAt: 1 }], fewWitnesses: true } as const;
    await begin({ stored: { chain: forged, anchor } });
    world.net.join(...world.peers(1, forged, { twists: { 'macro-chain': () => ({ ok: false, error: 'Other' }) } }, 'w'), ...world.peers(3, chain, giving(() => proofOf(chain, 6))));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.notices).toContain('anchor-refuted');
    expect(world.net.lies.filter((lie) => lie.startsWith('p'))).toEqual([]);
    expect(proven()).toBe(true);
  });
});
