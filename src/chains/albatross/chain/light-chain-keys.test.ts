import { beforeEach, describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify, withBadSignature, withPoisonedValidators } from '../../../../test/support/fake-chain.ts';
import type { FakeBlock } from '../../../../test/support/fake-chain.ts';
import type { MacroBlock } from '../wire/types.ts';
import { type ChainChange, LightChain } from './light-chain.ts';
import { unitAlbatross } from './networks/unit-albatross.ts';

const truth = new FakeChain().growTo(400);
const election = truth.at(328);
const poisoned = withPoisonedValidators(election);
const usurped = truth.fork(328, 67, { elect: () => (poisoned.block as MacroBlock).header.validators! }).growTo(340);
const macro = ({ block, hash }: FakeBlock) => ({ block: block as MacroBlock, hash });
const batch = Array.from({ length: 32 }, (_, index) => truth.at(329 + index));

let chain: LightChain;
let changes: ChainChange[];

/** Starts the chain with this copy of the election block. */
async function startWith(copy: FakeBlock): Promise<void> {
  chain = new LightChain({ network: unitAlbatross, verify: fakeVerify, clock: { now: () => truth.head.block.header.timestamp } });
  changes = [];
  await chain.pushElectionOnTrust(copy.block);
  chain.events.on('change', (change) => changes.push(change));
}

beforeEach(() => startWith(election));

describe('signing keys of a version 1 election block', () => {
  it('are proven by blocks that a macro block makes final', async () => {
    for (const { block } of batch.slice(0, 31)) await chain.push(block);
    expect([chain.head.height, chain.keys.standing(0), chain.pendingProven]).toEqual([359, 'unproven', false]);
    await chain.push(truth.at(360).block);
    await chain.push(truth.at(361).block);
    expect([chain.head.height, chain.keys.standing(0), chain.pendingProven]).toEqual([361, 'proven', true]);
    expect(await chain.push(withBadSignature(truth.at(362)).block)).toEqual({ result: 'invalid', code: 'invalid-signature' });
    expect(await chain.addCopy(election.hash, poisoned.block as MacroBlock)).toBe('refuted');
  });

  it('leave open whether the block or the key is bad until they are proven', async () => {
    expect(await chain.push(withBadSignature(truth.at(329)).block)).toMatchObject({ result: 'undecided', code: 'invalid-signature' });
    expect(chain.undecided).toBe(329);
    expect(await chain.push(usurped.at(329).block)).toMatchObject({ result: 'undecided', code: 'invalid-seed' });
    expect((await chain.push(truth.at(329).block)).result).toBe('extended');
    expect(await chain.verifyCopy(withBadSignature(truth.at(329)).block)).toBe('untold');
  });

  it('are not used while another copy disputes them: pending blocks are removed, and no block is adopted before it is decided', async () => {
    await startWith(poisoned);
    for (let height = 329; height <= 333; height += 1) await chain.push(usurped.at(height).block);
    expect(chain.head.height).toBe(333);
    expect(await chain.addCopy('00', election.block as MacroBlock)).toBe('other');
    expect(await chain.addCopy(election.hash, election.block as MacroBlock)).toBe('added');
    expect(changes.at(-1)).toMatchObject({ kind: 'recopied', adopted: [], reverted: [329, 330, 331, 332, 333].map((height) => ({ height })) });
    expect(chain.head.height).toBe(328);
    expect(chain.has(usurped.at(330).hash)).toBe(false);
    expect(await chain.push(truth.at(329).block)).toMatchObject({ result: 'undecided', code: undefined });
    expect((await chain.pushMacro(truth.at(360).block)).result).toBe('extended');
    expect(await chain.proveKeys(macro(election), batch)).toBe('tried');
    expect(chain.keys.lists).toEqual([(election.block as MacroBlock).header.validators]);
    expect(chain.validators).toEqual((election.block as MacroBlock).header.validators);
    expect(chain.electionHead.block.header.validators).toEqual(chain.validators);
    expect(changes.at(-1)).toMatchObject({ kind: 'recopied', reverted: [] });
    expect((await chain.push(truth.at(361).block)).result).toBe('extended');
    expect(chain.pendingProven).toBe(true);
  });

  it('come from no list when all lists are refuted', async () => {
    await startWith(poisoned);
    await chain.pushMacro(truth.at(360).block);
    expect(await chain.proveKeys(macro(election), batch)).toBe('tried');
    expect(chain.keys.lists).toEqual([]);
    expect(await chain.push(truth.at(361).block)).toMatchObject({ result: 'undecided', code: undefined });
    expect((await chain.pushMacro(truth.at(392).block)).result).toBe('extended');
    expect(await chain.addCopy(election.hash, election.block as MacroBlock)).toBe('added');
    expect((await chain.push(truth.at(393).block)).result).toBe('extended');
  });

  it('are not proven by blocks that are not final', async () => {
    const unproven = async (blocks: readonly FakeBlock[], base = election) => {
      expect(await chain.proveKeys(macro(base), blocks)).toBe('not-final');
      expect(chain.keys.standing(0)).toBe('unproven');
    };
    await unproven([]);
    await unproven(batch.slice(0, 31));
    await unproven(batch.slice(1));
    await unproven(batch.toSpliced(5, 1));
    await unproven(batch.map((block, index) => (index === 5 ? { ...usurped.at(334), hash: block.hash } : block)));
    await unproven(batch.map((block, index) => (index === 31 ? withBadSignature(block) : block)));
    await unproven(Array.from({ length: 32 }, (_, index) => truth.at(297 + index)), truth.at(296));
    expect(await chain.proveKeys(macro(election), batch)).toBe('tried');
    expect(chain.keys.standing(0)).toBe('proven');
  });
});
