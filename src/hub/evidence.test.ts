import { describe, expect, it } from 'vitest';
import { unitAlbatross } from '../albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../albatross/chain/policy.ts';
import type { Anchor } from '../engine/trust.ts';
import { Evidence } from './evidence.ts';

const genesis = { height: 200, hash: unitAlbatross.genesisHash };

function chainAt(height: number, hash: string, electionBlocks: number) {
  const chain = { policy: policyOf(unitAlbatross), genesis, electionHead: { height, hash }, checked: { electionBlocks, checkpoints: 1, microBlocks: 2 } };
  return chain as unknown as ConstructorParameters<typeof Evidence>[0] & typeof chain;
}

function anchorAt(kind: Anchor['kind'], height: number, hash: string): Anchor {
  return { kind, height, hash, fewWitnesses: false, witnesses: kind === 'witnesses' ? [{ peer: 'p', subnet: 's', saidAt: 1 }] : [] };
}

const levelOf = (chain: ReturnType<typeof chainAt>, anchor?: Anchor) => new Evidence(chain, anchor).record.level;

describe('Evidence', () => {
  it('earns the level of its anchor when every epoch since was verified', () => {
    expect(levelOf(chainAt(200, genesis.hash, 0))).toBe('proven');
    expect(levelOf(chainAt(456, 'b', 2))).toBe('proven');
    expect(levelOf(chainAt(456, 'b', 1), anchorAt('witnesses', 328, 'a'))).toBe('pico');
    expect(levelOf(chainAt(328, 'a', 0), anchorAt('pinned', 328, 'a'))).toBe('pinned');
  });

  it('earns nothing when epochs are missing, or the anchor is another block', () => {
    expect(levelOf(chainAt(456, 'b', 0))).toBe('claimed');
    expect(levelOf(chainAt(328, 'a', 0), anchorAt('witnesses', 328, 'x'))).toBe('claimed');
    expect(levelOf(chainAt(200, genesis.hash, 0), anchorAt('witnesses', 328, 'a'))).toBe('claimed');
    expect(levelOf(chainAt(200, genesis.hash, 0), anchorAt('genesis', 200, 'x'))).toBe('claimed');
  });

  it('earns nothing without witnesses', () => {
    expect(levelOf(chainAt(328, 'a', 0), { ...anchorAt('witnesses', 328, 'a'), witnesses: [] })).toBe('claimed');
  });

  it('becomes proven by a trial that reached our election block from genesis, and only by that', () => {
    const chain = chainAt(456, 'b', 1);
    const evidence = new Evidence(chain, anchorAt('witnesses', 328, 'a'));
    evidence.tryWith({ electionHash: () => 'other' });
    evidence.set(anchorAt('genesis', 200, genesis.hash));
    expect(evidence.record.level).toBe('claimed');
    evidence.tryWith({ electionHash: (height) => (height === 456 ? 'b' : undefined) });
    evidence.set(anchorAt('genesis', 200, genesis.hash));
    expect(evidence.record).toMatchObject({ level: 'proven', checked: { electionBlocks: 2 } });
    // It goes on from there.
    Object.assign(chain, { electionHead: { height: 584, hash: 'c' }, checked: { ...chain.checked, electionBlocks: 2 } });
    expect(evidence.record).toMatchObject({ level: 'proven', checked: { electionBlocks: 3 } });
    evidence.reset();
    expect(evidence.record.level).toBe('claimed');
  });
});
