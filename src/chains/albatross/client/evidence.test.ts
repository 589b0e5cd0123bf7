import { describe, expect, it } from 'vitest';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { policyOf } from '../chain/policy-of.ts';
import { nothingChecked } from '../chain/checked-counts.ts';
import type { Anchor } from '../../../engine/trust.ts';
import { Evidence } from './evidence.ts';

const genesis = { height: 200, hash: unitAlbatross.genesisHash };

function chainAt(height: number, hash: string, electionBlocks: number) {
  const chain = { policy: policyOf(unitAlbatross), genesis, electionHead: { height, hash }, checked: { ...nothingChecked, electionBlocks, checkpoints: 1, microBlocks: 2 } };
  return chain as unknown as ConstructorParameters<typeof Evidence>[0] & typeof chain;
}

function anchorAt(kind: Anchor['kind'], height: number, hash: string): Anchor {
  return { kind, height, hash, fewWitnesses: false, witnesses: kind === 'witnesses' ? [{ peer: 'p', subnet: 's', saidAt: 1 }] : [] };
}

const levelOf = (chain: ReturnType<typeof chainAt>, anchor?: Anchor) => new Evidence(chain, anchor).record.level;

describe('Evidence', () => {
  it('gives the level of its anchor when every epoch since was verified', () => {
    expect(levelOf(chainAt(200, genesis.hash, 0))).toBe('proven');
    expect(levelOf(chainAt(456, 'b', 2))).toBe('proven');
    expect(levelOf(chainAt(456, 'b', 1), anchorAt('witnesses', 328, 'a'))).toBe('witnessed');
    expect(levelOf(chainAt(328, 'a', 0), anchorAt('pinned', 328, 'a'))).toBe('pinned');
  });

  it('gives no level when epochs are missing, or the anchor is another block', () => {
    expect(levelOf(chainAt(456, 'b', 0))).toBe('claimed');
    expect(levelOf(chainAt(328, 'a', 0), anchorAt('witnesses', 328, 'x'))).toBe('claimed');
    expect(levelOf(chainAt(200, genesis.hash, 0), anchorAt('witnesses', 328, 'a'))).toBe('claimed');
    expect(levelOf(chainAt(200, genesis.hash, 0), anchorAt('genesis', 200, 'x'))).toBe('claimed');
  });

  it('issue 11.1: reports when all witnesses are known only by name', () => {
    const record = (...subnets: string[]) => new Evidence(chainAt(328, 'a', 0), { ...anchorAt('witnesses', 328, 'a'), witnesses: subnets.map((subnet) => ({ peer: subnet, subnet, saidAt: 1 })) }).record;
    expect(record('name:a.example', 'name:b.example')).toMatchObject({ level: 'witnessed', onlyNames: true });
    expect(record('name:a.example', '1.2.3.0/24')).toMatchObject({ level: 'witnessed', onlyNames: false });
    expect(record()).toMatchObject({ onlyNames: false });
  });

  it('gives no level without witnesses', () => {
    expect(levelOf(chainAt(328, 'a', 0), { ...anchorAt('witnesses', 328, 'a'), witnesses: [] })).toBe('claimed');
  });

  it('is proven by a proof for the epochs up to a block, and every later block verified', () => {
    const proof = { height: 456, hash: 'b' };
    const anchor: Anchor = { ...anchorAt('genesis', 200, genesis.hash), proof };
    expect(levelOf(chainAt(456, 'b', 0), anchor)).toBe('proven');
    // What was verified before the proof arrived counts too.
    expect(levelOf(chainAt(456, 'b', 1), anchor)).toBe('proven');
    expect(levelOf(chainAt(584, 'c', 1), anchor)).toBe('proven');
    expect(levelOf(chainAt(584, 'c', 0), anchor)).toBe('claimed');
    expect(levelOf(chainAt(328, 'a', 0), anchor)).toBe('claimed');
  });

  it('changes with the anchor', () => {
    const evidence = new Evidence(chainAt(456, 'b', 2), anchorAt('witnesses', 328, 'a'));
    expect(evidence.record.level).toBe('claimed');
    evidence.set(anchorAt('genesis', 200, genesis.hash));
    expect(evidence.record).toMatchObject({ level: 'proven', checked: { electionBlocks: 2 } });
  });
});
