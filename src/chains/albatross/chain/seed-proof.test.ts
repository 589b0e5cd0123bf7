import { describe, expect, it } from 'vitest';
import { FakeChain, fakeDraw, fakeVerify } from '../../../../test/support/fake-chain.ts';
import type { Block, MacroBlock, Validator } from '../wire/types.ts';
import { seedProofs } from './seed-proof.ts';
import type { SeedProofQuestion } from './seed-proof.ts';
import { validatorAt } from './slots.ts';

const genesis = new FakeChain().head.block as MacroBlock;
const [first] = genesis.header.validators!;
const list = (...keys: number[]): Validator[] =>
  keys.map((byte, index) => ({ ...first!, signingKey: new Uint8Array(32).fill(byte), slots: { start: index * 256, end: (index + 1) * 256 } }));
const truth = list(1, 2);
const chain = new FakeChain(0, undefined, { elect: () => truth }).growTo(232);
const batch: Block[] = Array.from({ length: 32 }, (_, index) => chain.at(201 + index).block);

const ask = (change: Partial<SeedProofQuestion> = {}) => seedProofs({ base: genesis, batch, lists: [truth], standing: () => 'unproven', draw: fakeDraw, verify: fakeVerify, ...change });

describe('seedProofs', () => {
  it('finds the key that made each block, the macro block included', async () => {
    const proofs = await ask({ lists: [list(7, 2), list(1, 8), list(1, 2)] });
    expect(proofs).toHaveLength(32);
    for (const { slot, key } of proofs) expect(key).toEqual(validatorAt(truth, slot)!.signingKey);
    expect(proofs.some(({ slot }) => slot === 0)).toBe(true);
  });

  it('reports when no list contains the key', async () => {
    const proofs = await ask({ lists: [list(7, 2), list(8, 2)] });
    for (const { slot, key } of proofs) expect(key).toEqual(slot < 256 ? undefined : truth[1]!.signingKey);
  });

  it('requests nothing about keys that are already proven', async () => {
    let jobs = 0;
    const verify: typeof fakeVerify = (job, options) => ((jobs += 1), fakeVerify(job, options));
    const proofs = await ask({ standing: (slot) => (slot < 256 ? 'proven' : 'unproven'), verify });
    expect(proofs.every(({ slot }) => slot >= 256)).toBe(true);
    expect(jobs).toBe(proofs.length);
  });

  it("uses the seed, not the block's own claim about its kind", async () => {
    const other = new FakeChain(0, undefined, { elect: () => truth }).growTo(205);
    other.append(other.makeSkip());
    other.growTo(232);
    const blocks = Array.from({ length: 32 }, (_, index) => other.at(201 + index).block);
    const skipped = fakeDraw({ offset: 206, entropy: new Uint8Array(32), disabled: { words: [] } });
    // An attacker removed the skip block's proof, and made another block look like a skip block.
    const dressed = blocks.map((block): Block => (block.type === 'micro' ? { ...block, justification: block.header.blockNumber === 206 ? { type: 'micro', signature: new Uint8Array(64) } : blocks[5]!.justification as never } : block));
    const proofs = await ask({ batch: dressed });
    expect(proofs.map(({ slot }) => slot)).not.toContain(skipped);
    expect(proofs).toHaveLength(31);
    expect(proofs.every(({ key }) => key !== undefined)).toBe(true);
  });
});
