import { beforeAll, describe, expect, it } from 'vitest';
import { type Link, firstSlots, genesisLink, makeChain, makeMacro, makeMicro, makeSkip, testNow, unitAggregate } from '../../../../../test/support/chain-maker.ts';
import { verifyNow } from '../../../../../test/support/verify-now.ts';
import { blake2s } from '../../../../crypto/blake2s.ts';
import { signEd25519 } from '../../../../crypto/ed25519.ts';
import type { JobFailure, Verify } from '../../../../crypto/jobs.ts';
import { signVrfSeed, vrfEntropy } from '../../../../crypto/vrf.ts';
import { bitSetOf } from '../../wire/bit-set.ts';
import { concatBytes, fromHex } from '../../../../base/bytes.ts';
import type { Block, MacroBlock, MicroBlock, Validator } from '../../wire/types.ts';
import { macroVoteHash } from '../hashes.ts';
import { LightChain, type PushResult } from '../light-chain.ts';
import { unitAlbatross } from '../networks/unit-albatross.ts';
import { type BlockErrorCode, blockErrorCodes } from './codes.ts';
import { allRules, type RuleTables, type Stage } from './stages.ts';
import { verdictOf } from './verdict.ts';

/** A bad block on a chain that has only the genesis block, and the expected result. */
interface BadBlock {
  readonly stage: Stage;
  readonly code: BlockErrorCode;
  readonly how?: string;
  readonly attempt: (chain: LightChain) => Promise<PushResult | Awaited<ReturnType<LightChain['restore']>>>;
}

const [validator] = genesisLink.block.header.validators!;
const bands = (...slots: [number, number][]): Validator[] => slots.map(([start, end]) => ({ ...validator!, slots: { start, end } }));
const other = 'ab'.repeat(32);
/** The unit validator's cold key: known, but not the one that signs blocks. */
const coldSecret = fromHex('6927eb8de74e8ea06a8afae5a66db176a7031f742b656651ac53bddb8a4ad3f3');

/** A compressed G1 point. */
const infinity = new Uint8Array(95).fill(0x40, 94);

const notAPoint = Uint8Array.from(genesisLink.block.header.seed);
for (let byte = 0; byte < 256 && vrfEntropy(notAPoint); byte += 1) notAPoint[0] = byte;

/** Links whose height is not their parent's plus one, as on the macro path. */
const at = (height: number): Link => ({ ...genesisLink, height: height - 1 });
const checkpoint = (change = {}, signing = {}) => makeMacro(at(232), change, signing).block;
const election = (change = {}, signing = {}) => makeMacro(at(328), change, signing).block;
const micro = (change = {}) => makeMicro(genesisLink, change).block;
const skip = (change = {}, signing = {}) => makeSkip(genesisLink, change, signing).block;
const withSignature = (block: MicroBlock, signature: Uint8Array): MicroBlock => ({ ...block, justification: { type: 'micro', signature } });
const withAggregate = (block: MacroBlock, signature: Uint8Array): MacroBlock => ({
  ...block,
  justification: { ...block.justification!, sig: { ...block.justification!.sig, signature } },
});

const push = (block: () => Block) => (chain: LightChain) => chain.push(block());
const pushMacro = (block: () => Block) => (chain: LightChain) => chain.pushMacro(block());
const onTrust = (block: () => Block) => (chain: LightChain) => chain.pushElectionOnTrust(block());

const badBlocks: readonly BadBlock[] = [
  { stage: 'intrinsic', code: 'wrong-network', attempt: push(() => micro({ network: 5 })) },
  { stage: 'intrinsic', code: 'version-too-low', attempt: onTrust(() => election({ version: 0 })) },
  { stage: 'intrinsic', code: 'unsupported-version', attempt: onTrust(() => election({ version: 3 })) },
  { stage: 'intrinsic', code: 'wrong-block-type', how: 'a macro block at a micro height', attempt: pushMacro(() => makeMacro(at(233)).block) },
  {
    stage: 'intrinsic',
    code: 'wrong-block-type',
    how: 'a micro block at a macro height',
    attempt: async (chain) => {
      const links = makeChain(genesisLink, 231);
      for (const { block } of links) await chain.push(block);
      return chain.push(makeMicro(links.at(-1)!).block);
    },
  },
  { stage: 'intrinsic', code: 'timestamp-too-far-ahead', attempt: push(() => micro({ timestamp: testNow + 600_001 })) },
  { stage: 'intrinsic', code: 'skip-block-extra-data', attempt: push(() => skip({ extraData: Uint8Array.of(1) })) },
  { stage: 'intrinsic', code: 'extra-data-too-long', attempt: push(() => micro({ extraData: new Uint8Array(33) })) },
  { stage: 'intrinsic', code: 'missing-validators', attempt: pushMacro(() => election({ validators: undefined })) },
  { stage: 'intrinsic', code: 'unexpected-validators', attempt: pushMacro(() => checkpoint({ validators: bands([0, 512]) })) },
  { stage: 'intrinsic', code: 'missing-interlink', attempt: pushMacro(() => election({ interlink: undefined })) },
  { stage: 'intrinsic', code: 'unexpected-interlink', attempt: pushMacro(() => checkpoint({ interlink: [] })) },
  { stage: 'intrinsic', code: 'slot-bands-not-contiguous', how: 'a gap', attempt: pushMacro(() => election({ validators: bands([0, 100], [101, 513]) })) },
  { stage: 'intrinsic', code: 'slot-bands-not-contiguous', how: 'not from 0', attempt: pushMacro(() => election({ validators: bands([1, 513]) })) },
  { stage: 'intrinsic', code: 'slot-bands-not-contiguous', how: 'an empty band', attempt: pushMacro(() => election({ validators: bands([0, 100], [100, 100], [100, 512]) })) },
  { stage: 'intrinsic', code: 'slot-bands-not-contiguous', how: 'an overlap', attempt: pushMacro(() => election({ validators: bands([0, 300], [200, 412]) })) },
  { stage: 'intrinsic', code: 'slot-bands-not-contiguous', how: 'the wrong order', attempt: pushMacro(() => election({ validators: bands([100, 512], [0, 100]) })) },
  { stage: 'intrinsic', code: 'wrong-slot-total', how: '511', attempt: pushMacro(() => election({ validators: bands([0, 511]) })) },
  { stage: 'intrinsic', code: 'wrong-slot-total', how: '513', attempt: pushMacro(() => election({ validators: bands([0, 100], [100, 513]) })) },
  { stage: 'intrinsic', code: 'wrong-slot-total', how: 'nobody', attempt: pushMacro(() => election({ validators: [] })) },
  { stage: 'intrinsic', code: 'punished-slot-out-of-range', attempt: pushMacro(() => checkpoint({ nextBatchInitialPunishedSet: bitSetOf([512]) })) },
  { stage: 'intrinsic', code: 'seed-not-a-point', attempt: pushMacro(() => checkpoint({ seed: notAPoint })) },

  {
    stage: 'successor',
    code: 'wrong-block-number',
    attempt: push(() => makeMicro(genesisLink, { blockNumber: 202 }).block),
  },
  {
    stage: 'successor',
    code: 'wrong-parent-hash',
    // A push finds the parent by this hash, but a stored chain may contain any hash.
    attempt: (chain) => chain.restore({ election: undefined, checkpoint: undefined, tail: [micro({ parentHash: other })] }),
  },
  { stage: 'successor', code: 'version-step', how: 'up in a micro block', attempt: push(() => micro({ version: 2 })) },
  {
    stage: 'successor',
    code: 'version-step',
    how: 'down',
    attempt: async (chain) => {
      const newer = makeMacro(at(328), { version: 2 });
      await chain.pushMacro(newer.block);
      return chain.push(makeMicro(newer, { version: 1 }).block);
    },
  },
  { stage: 'successor', code: 'wrong-skip-timestamp', attempt: push(() => skip({ timestamp: genesisLink.block.header.timestamp + 3999 })) },
  { stage: 'successor', code: 'wrong-skip-seed', attempt: push(() => skip({ seed: micro().header.seed })) },
  { stage: 'successor', code: 'timestamp-before-parent', attempt: push(() => micro({ timestamp: genesisLink.block.header.timestamp - 1 })) },

  { stage: 'macroSuccessor', code: 'not-a-macro-block', attempt: pushMacro(() => micro()) },
  {
    stage: 'macroSuccessor',
    code: 'not-after-macro-head',
    attempt: (chain) => chain.restore({ election: election(), checkpoint: checkpoint(), tail: [] }),
  },
  { stage: 'macroSuccessor', code: 'jumps-over-election-block', attempt: pushMacro(() => makeMacro(at(360)).block) },
  { stage: 'macroSuccessor', code: 'wrong-parent-election-hash', attempt: pushMacro(() => checkpoint({ parentElectionHash: other })) },
  {
    stage: 'macroSuccessor',
    code: 'wrong-parent-election-hash',
    how: 'of the wrong epoch',
    attempt: async (chain) => {
      await chain.pushMacro(election());
      return chain.pushMacro(makeMacro(at(360)).block);
    },
  },
  { stage: 'macroSuccessor', code: 'timestamp-before-macro-head', attempt: pushMacro(() => checkpoint({ timestamp: genesisLink.block.header.timestamp - 1 })) },
  { stage: 'macroSuccessor', code: 'macro-version-step', how: 'up in a checkpoint', attempt: pushMacro(() => checkpoint({ version: 2 })) },
  {
    stage: 'macroSuccessor',
    code: 'macro-version-step',
    how: 'down',
    attempt: async (chain) => {
      const newer = makeMacro(at(328), { version: 2 });
      await chain.pushMacro(newer.block);
      return chain.pushMacro(makeMacro({ ...newer, height: 359 }, { version: 1 }).block);
    },
  },

  { stage: 'proposer', code: 'missing-signature', attempt: push(() => ({ ...micro(), justification: undefined })) },
  {
    stage: 'proposer',
    code: 'invalid-seed',
    how: 'by another key',
    attempt: push(() => micro({ seed: signVrfSeed(coldSecret, genesisLink.block.header.seed, 201, new Uint8Array(64)) })),
  },
  {
    stage: 'proposer',
    code: 'invalid-seed',
    how: 'of another height',
    attempt: push(() => micro({ seed: makeMicro(at(202)).block.header.seed })),
  },
  {
    stage: 'proposer',
    code: 'invalid-seed',
    how: 'in a macro block',
    attempt: async (chain) => {
      const links = makeChain(genesisLink, 231);
      for (const { block } of links) await chain.push(block);
      return chain.push(makeMacro(links.at(-1)!, { seed: genesisLink.block.header.seed }).block);
    },
  },
  {
    stage: 'proposer',
    code: 'invalid-signature',
    how: 'by the cold key',
    attempt: push(() => withSignature(micro(), signEd25519(coldSecret, fromHex(makeMicro(genesisLink).hash)))),
  },
  { stage: 'proposer', code: 'invalid-signature', how: 'over another header', attempt: push(() => ({ ...micro(), header: { ...micro().header, stateRoot: other } })) },

  { stage: 'justification', code: 'missing-justification', attempt: pushMacro(() => ({ ...checkpoint(), justification: undefined })) },
  { stage: 'justification', code: 'signer-out-of-range', how: 'macro', attempt: pushMacro(() => checkpoint({}, { signers: firstSlots(513) })) },
  { stage: 'justification', code: 'signer-out-of-range', how: 'skip', attempt: push(() => skip({}, { signers: firstSlots(513) })) },
  { stage: 'justification', code: 'too-few-signers', how: 'macro', attempt: pushMacro(() => checkpoint({}, { signers: firstSlots(341) })) },
  { stage: 'justification', code: 'too-few-signers', how: 'skip', attempt: push(() => skip({}, { signers: firstSlots(341) })) },
  {
    stage: 'justification',
    code: 'infinity-aggregate-key',
    how: 'macro',
    attempt: pushMacro(() => withAggregate(checkpoint(), infinity)),
  },
  {
    stage: 'justification',
    code: 'infinity-aggregate-key',
    how: 'skip',
    attempt: push(() => ({ ...skip(), justification: { type: 'skip', proof: { signature: infinity, signers: firstSlots(512) } } })),
  },
  {
    stage: 'justification',
    code: 'invalid-skip-proof',
    how: 'of another height',
    attempt: push(() => ({ ...skip(), justification: makeSkip(at(202)).block.justification })),
  },
  {
    stage: 'justification',
    code: 'invalid-justification',
    how: 'round and height swapped',
    attempt: pushMacro(() => {
      const block = checkpoint();
      const swapped = concatBytes(fromHex('0407'), fromHex('000000e8'), fromHex('00000000'), Uint8Array.of(1), macroVoteHash(block.header));
      return withAggregate(block, unitAggregate(blake2s(swapped)).signature);
    }),
  },
  {
    stage: 'justification',
    code: 'invalid-justification',
    how: 'of another round',
    attempt: pushMacro(() => withAggregate(checkpoint(), checkpoint({}, { round: 1 }).justification!.sig.signature)),
  },
  {
    stage: 'justification',
    code: 'invalid-justification',
    how: 'of fewer slots than it says',
    attempt: pushMacro(() => withAggregate(checkpoint(), checkpoint({}, { signers: firstSlots(342) }).justification!.sig.signature)),
  },
  {
    stage: 'justification',
    code: 'invalid-justification',
    how: 'of another network',
    attempt: pushMacro(() => withAggregate(checkpoint(), checkpoint({ network: 5 }).justification!.sig.signature)),
  },

  {
    stage: 'votingKeys',
    code: 'invalid-voting-key',
    attempt: pushMacro(() => election({ validators: [...bands([0, 100]), { ...validator!, votingKey: new Uint8Array(285).fill(0xee), slots: { start: 100, end: 512 } }] })),
  },
  {
    stage: 'votingKeys',
    code: 'invalid-voting-key',
    how: 'infinity',
    attempt: onTrust(() => election({ validators: [{ ...validator!, votingKey: new Uint8Array(285).fill(0x40, 284) }] })),
  },

  { stage: 'electionOnTrust', code: 'not-an-election-block', attempt: onTrust(() => checkpoint()) },
  {
    stage: 'electionOnTrust',
    code: 'not-after-macro-head',
    attempt: (chain) => chain.restore({ election: genesisLink.block, checkpoint: undefined, tail: [] }),
  },
];

const chainWith = (rules: RuleTables, verify: Verify = verifyNow) => new LightChain({ network: unitAlbatross, verify, clock: { now: () => testNow }, rules });

function without(stage: Stage, code: BlockErrorCode): RuleTables {
  return { ...allRules, [stage]: (allRules[stage] as readonly { code: BlockErrorCode }[]).filter((rule) => rule.code !== code) };
}

async function outcome({ attempt }: BadBlock, rules: RuleTables): Promise<string> {
  const result = await attempt(chainWith(rules));
  if (result === 'restored') return result;
  return ('code' in result ? result.code : undefined) ?? ('result' in result ? result.result : 'refused');
}

const rows = (Object.keys(allRules) as Stage[]).flatMap((stage) => allRules[stage].map(({ code }) => ({ stage, code })));

describe('the rule tables', () => {
  it('have a separate code for each rule', () => {
    const keys = rows.map(({ stage, code }) => `${stage} ${code}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(rows.map(({ code }) => code))).toEqual(new Set(blockErrorCodes));
  });

  it('have a bad block for every rule, and no bad block without its rule', () => {
    const cases = new Set(badBlocks.map(({ stage, code }) => `${stage} ${code}`));
    expect(cases).toEqual(new Set(rows.map(({ stage, code }) => `${stage} ${code}`)));
  });

  it('accept the good blocks that the bad ones were made from', async () => {
    const good: (() => Promise<unknown>)[] = [
      () => chainWith(allRules).push(micro()),
      () => chainWith(allRules).push(skip()),
      () => chainWith(allRules).push(skip({}, { signers: firstSlots(342) })),
      () => chainWith(allRules).pushMacro(checkpoint()),
      () => chainWith(allRules).pushMacro(checkpoint({}, { signers: firstSlots(342), round: 3 })),
      () => chainWith(allRules).pushMacro(election()),
      () => chainWith(allRules).pushMacro(election({ version: 2, validators: bands([0, 100], [100, 512]) })),
      () => chainWith(allRules).pushElectionOnTrust({ ...election(), justification: undefined }),
      () => chainWith(allRules).push(micro({ extraData: new Uint8Array(32), timestamp: testNow + 600_000 })),
    ];
    for (const attempt of good) expect(await attempt()).toMatchObject({ result: 'extended' });
  });
});

describe('each rule', () => {
  it.each(badBlocks.map((bad) => ({ ...bad, title: `${bad.stage}: ${bad.code}${bad.how ? `, ${bad.how}` : ''}` })))('$title', async (bad) => {
    expect(await outcome(bad, allRules)).toBe(bad.code);
    expect(await outcome(bad, without(bad.stage, bad.code))).not.toBe(bad.code);
  });
});

describe('a job that fails', () => {
  const failures: JobFailure[] = ['seed', 'signature', 'multi-signature', 'voting-key'];
  // The kinds of jobs that a rule requests. Whole chains of election blocks are judged outside the rules.
  type Kind = 'proposer' | 'multi-signature' | 'keys';
  const kinds: Kind[] = ['proposer', 'multi-signature', 'keys'];
  const blocks: Record<Kind, (chain: LightChain) => Promise<PushResult>> = {
    proposer: (chain) => chain.push(micro()),
    'multi-signature': (chain) => chain.pushMacro(election()),
    keys: (chain) => chain.pushMacro(election()),
  };
  let unknownKeys: Verify;
  beforeAll(() => {
    // Returns no decoded keys, so that the keys stage has a job to request.
    unknownKeys = async (job) => ({ ...(await verifyNow(job)), decoded: [] });
  });

  it.each(kinds.flatMap((kind) => failures.map((failure) => ({ kind, failure }))))('$kind with $failure: the block is refused', async ({ kind, failure }) => {
    const verify: Verify = async (job) => (job.kind === kind ? { valid: false, failure, decoded: [] } : unknownKeys(job));
    expect((await blocks[kind](chainWith(allRules, verify))).result).toBe('invalid');
    expect((await blocks[kind](chainWith(allRules, unknownKeys))).result).toBe('extended');
  });
});

describe('verdictOf', () => {
  it('never gives a ban for a future timestamp or an unknown version', () => {
    expect(verdictOf('timestamp-too-far-ahead')).toBe('ignore');
    expect(verdictOf('unsupported-version')).toBe('client-too-old');
  });

  it("gives no ban for a block that merely does not follow from the client's chain", () => {
    const mild = blockErrorCodes.filter((code) => verdictOf(code) === 'ignore');
    expect(mild).toEqual(['timestamp-too-far-ahead', 'not-after-macro-head', 'jumps-over-election-block', 'wrong-parent-election-hash']);
    expect(verdictOf('invalid-justification')).toBe('ban');
  });
});

describe('aggregates', () => {
  it("of the test's chain maker match the vectors", () => {
    expect(unitAggregate(fromHex('925f496d9fe9982c65c3b25a6cf8bfbf017b1e8ddc706a5940146813830aef5b')).signature.subarray(0, 4)).toEqual(fromHex('a0caba01'));
  });
});
