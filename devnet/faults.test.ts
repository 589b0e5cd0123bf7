import { beforeAll, describe, expect, it } from 'vitest';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { LightChain, type PushResult } from '../src/chains/albatross/chain/light-chain.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import type { BlockErrorCode } from '../src/chains/albatross/chain/rules/codes.ts';
import type { Verify } from '../src/crypto/jobs.ts';
import { runJobNow } from '../src/crypto/run-job.ts';
import { ALTERNATES, LIE } from './alternates.ts';
import { DevChain } from './chain.ts';
import type { DevBlock } from './dev-block.ts';
import { BLOCK_FAULTS } from './faults.ts';
import { PeerView } from './peer-view.ts';
import { seededRandom } from './seeded-random.ts';
import { deriveValidator, unitValidator } from './validators.ts';

const NOW = 1_800_000_000_000;
const UNIT = [unitValidator(loadGenesis(unitAlbatross).header.validators![0]!)];
const ATTACKER = deriveValidator('faults test', 'attacker');

type Outcome = BlockErrorCode | Exclude<PushResult['result'], 'invalid'>;

/**
 * The light chain's result for each fault, by kind of block. Results like `orphan` mean that the block is not invalid, but does not
 * fit.
 */
const EXPECTED: Readonly<Record<string, Partial<Record<'micro' | 'checkpoint' | 'election', Outcome>>>> = {
  'block-type': { micro: 'wrong-block-type', checkpoint: 'wrong-block-type', election: 'wrong-block-type' },
  'network-id': { micro: 'wrong-network', checkpoint: 'wrong-network', election: 'wrong-network' },
  version: { micro: 'unsupported-version', checkpoint: 'unsupported-version', election: 'unsupported-version' },
  'version-zero': { micro: 'version-too-low', checkpoint: 'version-too-low', election: 'version-too-low' },
  'timestamp-future': { micro: 'timestamp-too-far-ahead', checkpoint: 'timestamp-too-far-ahead', election: 'timestamp-too-far-ahead' },
  'extra-data': { micro: 'extra-data-too-long', checkpoint: 'extra-data-too-long', election: 'extra-data-too-long' },
  'validators-missing': { election: 'missing-validators' },
  'validators-empty': { election: 'wrong-slot-total' },
  'validators-slots': { election: 'wrong-slot-total' },
  'validators-gap': { election: 'slot-bands-not-contiguous' },
  'validators-key': { election: 'invalid-voting-key' },
  'validators-subgroup': { election: 'invalid-voting-key' },
  'validators-infinity': { election: 'invalid-voting-key' },
  'validators-present': { checkpoint: 'unexpected-validators' },
  'punished-set': { checkpoint: 'punished-slot-out-of-range', election: 'punished-slot-out-of-range' },
  interlink: { election: 'missing-interlink' },
  'interlink-present': { checkpoint: 'unexpected-interlink' },
  number: { micro: 'wrong-block-number' },
  parent: { micro: 'orphan', checkpoint: 'orphan', election: 'orphan' },
  'timestamp-past': { micro: 'timestamp-before-parent', checkpoint: 'timestamp-before-parent', election: 'timestamp-before-parent' },
  'version-step': { micro: 'version-step', checkpoint: 'version-step', election: 'version-too-low' },
  'parent-election': { checkpoint: 'wrong-parent-election-hash', election: 'wrong-parent-election-hash' },
  'macro-jump': { election: 'wrong-block-number' },
  seed: { micro: 'invalid-seed', checkpoint: 'invalid-seed', election: 'invalid-seed' },
  'seed-key': { micro: 'invalid-seed', checkpoint: 'invalid-seed', election: 'invalid-seed' },
  'seed-point': { micro: 'seed-not-a-point', checkpoint: 'seed-not-a-point', election: 'seed-not-a-point' },
  signature: { micro: 'invalid-signature' },
  'wrong-signer': { micro: 'invalid-signature' },
  'missing-justification': { micro: 'missing-signature', checkpoint: 'missing-justification', election: 'missing-justification' },
  justification: { checkpoint: 'invalid-justification', election: 'invalid-justification' },
  'too-few-signers': { checkpoint: 'too-few-signers', election: 'too-few-signers' },
  'signer-512': { checkpoint: 'signer-out-of-range', election: 'signer-out-of-range' },
  'infinity-signature': { checkpoint: 'infinity-aggregate-key', election: 'infinity-aggregate-key' },
  'other-signers': { checkpoint: 'invalid-justification', election: 'invalid-justification' },
  'vote-round': { checkpoint: 'invalid-justification', election: 'invalid-justification' },
  'vote-order': { checkpoint: 'invalid-justification', election: 'invalid-justification' },
  'vote-version': { checkpoint: 'invalid-justification', election: 'invalid-justification' },
  skip: { micro: 'extended' },
  'skip-proof': { micro: 'invalid-skip-proof' },
  'skip-timestamp': { micro: 'wrong-skip-timestamp' },
  'skip-seed': { micro: 'wrong-skip-seed' },
  'skip-extra-data': { micro: 'skip-block-extra-data' },
  'skip-too-few-signers': { micro: 'too-few-signers' },
  'skip-signer-512': { micro: 'signer-out-of-range' },
  'skip-other-signers': { micro: 'invalid-skip-proof' },
  'skip-message': { micro: 'invalid-skip-proof' },
  // Version 1 proofs do not cover the state root.
  'skip-moved': { micro: 'extended' },
};

/** The results that differ in version 2: its skip blocks are signed over the state root, and a known lower version exists. */
const EXPECTED_AFTER_UPGRADE: typeof EXPECTED = {
  ...EXPECTED,
  'version-step': { micro: 'version-step', checkpoint: 'version-step', election: 'version-step' },
  'skip-moved': { micro: 'invalid-skip-proof' },
};

/**
 * A chain that switches to the version with its first election block, 328. `view` is a peer's view; `before` is a light chain whose
 * head is the block before `height`.
 */
class World {
  readonly chain: DevChain;

  constructor(version: number) {
    this.chain = new DevChain({ network: unitAlbatross, seed: 'faults test', genesisValidators: UNIT, electedValidators: UNIT, now: () => NOW });
    this.chain.targetVersion = version;
  }

  grow(height: number): void {
    while (this.chain.head.height < height) this.chain.produce();
  }

  view(): PeerView {
    return new PeerView({ chain: this.chain, random: seededRandom('faults test', 'view'), attacker: ATTACKER, now: () => NOW });
  }

  async before(height: number): Promise<LightChain> {
    const { chain } = this;
    // Other tests check the honest blocks (chain.test.ts), so this one skips their signatures.
    let trusting = true;
    const verify: Verify = (job) => Promise.resolve(trusting ? { valid: true, decoded: [] } : runJobNow(job));
    const light = new LightChain({ network: unitAlbatross, verify, clock: { now: () => NOW } });
    const start = chain.policy.macroBlockBefore(height);
    const election = chain.policy.lastElectionBlock(start);
    const restored = await light.restore({
      election: election > 200 ? (chain.at(election)!.block as never) : undefined,
      checkpoint: chain.policy.isElection(start) ? undefined : (chain.at(start)!.block as never),
      tail: Array.from({ length: Math.min(height - start - 1, 31) }, (_, i) => chain.at(start + 1 + i)!.block),
    });
    if (restored !== 'restored' || light.head.height !== height - 1) throw new Error(`the chain before ${height} is ${restored}, at ${light.head.height}`);
    trusting = false;
    return light;
  }
}

describe.each([
  { name: 'version 1', version: 1, heights: { micro: 202, checkpoint: 232, election: 328 }, expected: EXPECTED },
  // This election block raises the version. It need not, so the lower version that the fault sets is valid here.
  { name: 'the election block that goes to version 2', version: 2, heights: { election: 328 }, expected: { ...EXPECTED, 'version-step': { election: 'extended' } } as typeof EXPECTED },
  { name: 'version 2', version: 2, heights: { micro: 330, checkpoint: 360, election: 456 }, expected: EXPECTED_AFTER_UPGRADE },
])('block faults, $name', ({ version, heights, expected }) => {
  const world = new World(version);
  const at: Readonly<Partial<Record<DevBlock['kind'], number>>> = heights;
  beforeAll(() => world.grow(at.election! + 1));

  const cases = Object.entries(BLOCK_FAULTS).flatMap(([name, fault]) => fault.on.flatMap((kind) => (name === 'infinity-key' || kind === 'skip' || at[kind] === undefined ? [] : [{ name, kind, says: fault.says, height: at[kind] }])));
  it.each(cases)('$name on $kind: $says', async ({ name, kind, height }) => {
    const peer = world.view();
    const [made] = peer.arm({ fault: name, height });
    expect(peer.at(height)).toBe(made?.made);
    const light = await world.before(height);
    const result = await light.push(made!.made.block);
    expect(result.result === 'invalid' ? result.code : result.result).toBe(expected[name]?.[kind]);
  });
});

describe('block faults', () => {
  const world = new World(1);
  const { chain } = world;
  const view = (): PeerView => world.view();
  const before = (height: number): Promise<LightChain> => world.before(height);
  beforeAll(() => world.grow(361));

  it('infinity-key: a valid election of two opposite keys, and a checkpoint signed by both', async () => {
    const peer = view();
    const [election, checkpoint] = peer.arm({ fault: 'infinity-key', height: 360 });
    expect([peer.electionHead.hash, peer.macroHead.hash]).toEqual([election?.made.hash, checkpoint?.made.hash]);
    const light = await before(328);
    expect(await light.push(election!.made.block)).toMatchObject({ result: 'extended' });
    expect(await light.pushMacro(checkpoint!.made.block)).toEqual({ result: 'invalid', code: 'infinity-aggregate-key' });
  });

  it('macro-jump is refused by the macro push as a jump', async () => {
    const [made] = view().arm({ fault: 'macro-jump', height: 328 });
    const light = await before(233);
    expect(await light.pushMacro(made!.made.block)).toMatchObject({ code: 'jumps-over-election-block' });
  });

  it('a fault for the next blocks applies to the blocks it fits, as many as requested', () => {
    const peer = view();
    peer.arm({ fault: 'signature', count: 2 });
    const honest = [chain.at(205), chain.at(232), chain.at(233), chain.at(234)] as readonly DevBlock[];
    const told = honest.map((block) => peer.added(block));
    expect(told.map(({ replacements }) => replacements.length)).toEqual([1, 0, 1, 0]);
    expect(told[1]?.block).toBe(honest[1]);
    expect(peer.faults).toEqual([]);
    // The hash is the same, the signature differs: the peer serves the faulty block for the honest hash.
    expect(peer.byHash(honest[0]!.hash)?.block).not.toEqual(honest[0]!.block);
    peer.clear();
    expect(peer.byHash(honest[0]!.hash)).toBe(honest[0]);
  });

  it('alternates: whole chains that link and sign', async () => {
    expect(Object.keys(ALTERNATES)).toEqual(['forged-election', 'poisoned-validators', LIE]);
    const forged = view();
    forged.useAlternate('forged-election');
    expect(forged.electionHead.height).toBe(328);
    expect(forged.electionHead.hash).not.toBe(chain.electionHead.hash);
    expect(forged.head.height).toBe(chain.head.height);
    const light = await before(233);
    expect(await light.pushMacro(forged.electionHead.block)).toMatchObject({ code: 'invalid-justification' });
    expect(await light.pushElectionOnTrust(forged.electionHead.block)).toMatchObject({ result: 'extended' });
    for (const height of [329, 330, 331]) expect(await light.push(forged.at(height)!.block)).toMatchObject({ result: 'extended' });

    const poisoned = view();
    poisoned.useAlternate('poisoned-validators');
    expect(poisoned.electionHead.hash).toBe(chain.electionHead.hash);
    const misled = await before(233);
    expect(await misled.pushElectionOnTrust(poisoned.electionHead.block)).toMatchObject({ result: 'extended' });
    // Version 1 hashes do not cover the keys, so only a later block shows which list is right.
    expect(await misled.push(chain.at(329)!.block)).toMatchObject({ result: 'undecided' });
    expect(await misled.push(poisoned.at(329)!.block)).toMatchObject({ result: 'extended' });
  });
});
