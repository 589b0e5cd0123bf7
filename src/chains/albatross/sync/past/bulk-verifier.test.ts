import { describe, expect, it } from 'vitest';
import { genesisLink, makeMacro, testNow } from '../../../../../test/support/chain-maker.ts';
import type { Link } from '../../../../../test/support/chain-maker.ts';
import { verifyNow } from '../../../../../test/support/verify-now.ts';
import type { Verify } from '../../../../crypto/jobs.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import type { MacroBlock, MacroHeader } from '../../wire/types.ts';
import { BulkVerifier, type ElectionStep } from './bulk-verifier.ts';

const options = { signal: new AbortController().signal, background: true };
const bulkWith = (verify: Verify = verifyNow) => new BulkVerifier({ network: unitAlbatross, verify, clock: { now: () => testNow, monotonic: () => 0 } });

/** Election blocks with true signatures, one per epoch. */
function elections(count: number): Link<MacroBlock>[] {
  const links: Link<MacroBlock>[] = [];
  for (let last: Link<MacroBlock> = genesisLink; links.length < count; last = links.at(-1)!) {
    const blockNumber = last.height + 128;
    links.push(makeMacro(last, { blockNumber, timestamp: last.block.header.timestamp + 128_000 }));
  }
  return links;
}

const chain = elections(4);
const stepsOf = (links: readonly Link<MacroBlock>[]): ElectionStep[] => links.map((link, index) => ({ block: link.block, hash: link.hash, before: index === 0 ? genesisLink : links[index - 1]! }));
const steps = stepsOf(chain);

/** The step with a justification for another round: the signatures are valid, but for another message. */
function withOtherRound(step: ElectionStep): ElectionStep {
  const { justification, ...rest } = step.block;
  return { ...step, block: { ...rest, justification: justification && { ...justification, round: 9 } } };
}

describe('many election blocks in one job', () => {
  it('are checked by all rules, with signatures verified by the real curve', async () => {
    const bulk = bulkWith();
    expect(steps.map((step) => bulk.brokenCheck(step))).toEqual([undefined, undefined, undefined, undefined]);
    expect(await bulk.verify(steps, options)).toEqual({ good: 4, code: undefined });
  });

  it.each([0, 1, 3])('a block without valid signatures is found at %i, and the blocks before it are accepted', async (at) => {
    const bad = steps.map((step, index) => (index === at ? withOtherRound(step) : step));
    expect(await bulkWith().verify(bad, options)).toEqual({ good: at, code: 'invalid-justification' });
  });

  it('such a block is also found by a verifier that does not name the failed item', async () => {
    const silent: Verify = async (job, given) => {
      const result = await verifyNow(job, given);
      return result.valid ? result : { valid: false, failure: result.failure, decoded: [] };
    };
    const bad = steps.map((step, index) => (index === 2 ? withOtherRound(step) : step));
    expect(await bulkWith(silent).verify(bad, options)).toEqual({ good: 2, code: 'invalid-justification' });
  });

  it('an invalid voting key is found in the block that elects it', async () => {
    const verify: Verify = async (job, given) => {
      if (job.kind === 'keys') return { valid: !job.keys.some((key) => key[0] === 0xee), failure: 'voting-key', decoded: [] };
      return { ...(await verifyNow(job, given)), decoded: [] };
    };
    const [validator] = genesisLink.block.header.validators!;
    const validators = [{ ...validator!, votingKey: new Uint8Array(285).fill(0xee) }];
    const last = makeMacro(chain[1]!, { blockNumber: chain[1]!.height + 128, timestamp: chain[1]!.block.header.timestamp + 128_000, validators });
    expect(await bulkWith(verify).verify(stepsOf([chain[0]!, chain[1]!, last]), options)).toEqual({ good: 2, code: 'invalid-voting-key' });
  });

  it.each<[string, Partial<MacroHeader>]>([
    ['wrong-network', { network: 24 }],
    ['unsupported-version', { version: 9 }],
    ['macro-version-step', { version: 3 }],
    ['wrong-parent-election-hash', { parentElectionHash: '11'.repeat(32) }],
    ['jumps-over-election-block', { blockNumber: 200 + 128 * 4 }],
    ['not-after-macro-head', { blockNumber: 328 }],
    ['missing-validators', { validators: undefined }],
    ['slot-bands-not-contiguous', { validators: genesisLink.block.header.validators!.map((validator) => ({ ...validator, slots: { start: 1, end: 512 } })) }],
    ['timestamp-before-macro-head', { timestamp: 1 }],
  ])('the cheap rules run before any signature: %s', (code, change) => {
    const { block, hash, before } = steps[1]!;
    const { maxVersion } = unitAlbatross;
    const bulk = new BulkVerifier({ network: { ...unitAlbatross, maxVersion: Math.max(maxVersion, 3) }, verify: verifyNow, clock: { now: () => testNow, monotonic: () => 0 } });
    expect(bulk.brokenCheck({ block: { ...block, header: { ...block.header, ...change } }, hash, before })).toBe(code);
  });

  it('more distinct keys than a job may have are split into parts', async () => {
    const sizes: number[] = [];
    const verify: Verify = async (job) => {
      if (job.kind === 'justifications') sizes.push(job.keys.length);
      return { valid: true, decoded: [] };
    };
    let number = 0;
    const [validator] = genesisLink.block.header.validators!;
    const many = (): MacroBlock['header']['validators'] =>
      Array.from({ length: 512 }, (_, slot) => {
        number += 1;
        const votingKey = new Uint8Array(285);
        new DataView(votingKey.buffer).setUint32(0, number);
        return { ...validator!, votingKey, slots: { start: slot, end: slot + 1 } };
      });
    const wide = Array.from({ length: 5 }, (_, index): ElectionStep => {
      const before = { block: { ...chain[0]!.block, header: { ...chain[0]!.block.header, validators: many() } }, hash: `${index}` };
      return { block: chain[1]!.block, hash: chain[1]!.hash, before };
    });
    expect(await bulkWith(verify).verify(wide, options)).toEqual({ good: 5, code: undefined });
    expect(sizes).toEqual([1536, 1024]);
  });
});
