import { describe, expect, it } from 'vitest';
import { genesisLink, makeMacro, makeMicro, makeSkip, testNow } from '../../../../../test/support/chain-maker.ts';
import type { ProposerJob, Verify } from '../../../../crypto/jobs.ts';
import { vrfEntropy } from '../../../../crypto/vrf.ts';
import { bitSetOf } from '../../wire/bit-set.ts';
import { fromHex } from '../../../../base/bytes.ts';
import type { Block, Validator } from '../../wire/types.ts';
import { blockKind } from '../block-kind.ts';
import { blockHash } from '../hashes.ts';
import { unitAlbatross } from '../networks/unit-albatross.ts';
import { policyOf } from '../policy-of.ts';
import { proposerSlot } from '../slots.ts';
import { proposerRules } from './proposer.ts';
import type { ProposerContext } from './rule.ts';
import { runJobs } from './run-rules.ts';

/** One validator per slot; its signing key identifies the slot. */
const validators: Validator[] = Array.from({ length: 512 }, (_, slot) => ({
  address: new Uint8Array(20),
  votingKey: new Uint8Array(285),
  signingKey: new Uint8Array(32).fill(1).with(0, slot & 0xff).with(1, slot >> 8),
  slots: { start: slot, end: slot + 1 },
}));

const contextOf = (block: Block, change: Partial<ProposerContext> = {}): ProposerContext => ({
  block,
  hash: blockHash(block),
  kind: blockKind(block),
  network: unitAlbatross,
  policy: policyOf(unitAlbatross),
  now: testNow,
  predecessor: genesisLink,
  validators,
  decodedKey: () => undefined,
  disabled: { words: [] },
  draw: proposerSlot,
  ...change,
});

/** The proposer job of a block, and the slot that its key belongs to. */
async function proposer(context: ProposerContext): Promise<{ job: ProposerJob; slot: number }> {
  const jobs: ProposerJob[] = [];
  const verify: Verify = async (job) => (jobs.push(job as ProposerJob), { valid: true, decoded: [] });
  expect(await runJobs(proposerRules, context, verify)).toEqual({ code: undefined, decoded: [] });
  // One job checks both seed and signature.
  expect(jobs).toHaveLength(1);
  return { job: jobs[0]!, slot: jobs[0]!.publicKey[0]! + 256 * jobs[0]!.publicKey[1]! };
}

const entropy = vrfEntropy(genesisLink.block.header.seed)!;

describe('the proposer', () => {
  it('of a micro block is drawn by its height, and signs the header hash', async () => {
    const { block, hash } = makeMicro(genesisLink);
    const { job, slot } = await proposer(contextOf(block));
    expect(slot).toBe(93);
    expect(job).toMatchObject({ blockNumber: 201, seed: block.header.seed, previousSeed: genesisLink.block.header.seed });
    expect(job.signature).toEqual({ hash: fromHex(hash), bytes: block.justification?.type === 'micro' && block.justification.signature });
  });

  it('of a macro block is drawn by the round of its header, and signs nothing', async () => {
    const { block } = makeMacro({ ...genesisLink, height: 231 }, { round: 3 }, { round: 7 });
    const { job, slot } = await proposer(contextOf(block));
    expect(slot).toBe(proposerSlot({ entropy, offset: 3, disabled: { words: [] } }));
    expect(job.signature).toBeUndefined();
  });

  it('is none of the punished slots', async () => {
    const disabled = bitSetOf([93]);
    const { slot } = await proposer(contextOf(makeMicro(genesisLink).block, { disabled }));
    expect(slot).toBe(proposerSlot({ entropy, offset: 201, disabled }));
    expect(slot).not.toBe(93);
  });

  it('is not checked for a skip block', async () => {
    const verify: Verify = () => Promise.reject(new Error('asked'));
    expect((await runJobs(proposerRules, contextOf(makeSkip(genesisLink).block), verify)).code).toBeUndefined();
  });

  it('must exist', async () => {
    const verify: Verify = () => Promise.reject(new Error('asked'));
    expect((await runJobs(proposerRules, contextOf(makeMicro(genesisLink).block, { validators: [] }), verify)).code).toBe('invalid-seed');
  });
});
