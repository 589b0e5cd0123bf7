import { expect, it } from 'vitest';
import type { MacroBlock } from '../../wire/types.ts';
import { ElectionCopies } from './election-copies.ts';

const block = { header: { validators: [] } } as unknown as MacroBlock;

it('remembers one copy per peer, of the newest blocks only', () => {
  const copies = new ElectionCopies();
  copies.add('a', { peer: 'p', subnet: 's', witness: true, block });
  copies.add('a', { peer: 'p', subnet: 's', witness: true, block });
  copies.add('a', { peer: 'q', subnet: 't', witness: true, block });
  expect(copies.of('a').map(({ peer, subnet }) => `${peer} ${subnet}`)).toEqual(['p s', 'q t']);
  for (let i = 0; i < 8; i += 1) copies.add(`b${i}`, { peer: 'p', subnet: 's', witness: true, block });
  expect(copies.of('a')).toEqual([]);
  expect(copies.of('b0')).toHaveLength(1);
});

it('keeps equal lists once, and returns each copy', () => {
  const copies = new ElectionCopies();
  const told: string[] = [];
  copies.onAdded((hash) => told.push(hash));
  copies.add('a', { peer: 'p', subnet: 's', witness: true, block });
  copies.add('a', { peer: 'q', subnet: 't', witness: true, block: structuredClone(block) });
  expect(copies.of('a').map((copy) => copy.block === block)).toEqual([true, true]);
  expect(told).toEqual(['a', 'a']);
});

it('has a bound on the copies of a block', () => {
  const copies = new ElectionCopies();
  for (let i = 0; i < 40; i += 1) copies.add('a', { peer: `p${i}`, subnet: 's', witness: true, block });
  expect(copies.of('a')).toHaveLength(16);
});

it("forgets a liar's copies", () => {
  const copies = new ElectionCopies();
  copies.add('a', { peer: 'p', subnet: 's', witness: true, block });
  copies.add('a', { peer: 'q', subnet: 't', witness: true, block });
  copies.dropPeer('p');
  expect(copies.of('a').map(({ peer }) => peer)).toEqual(['q']);
});

it('drops copies of Petrel clients before those of witnesses', () => {
  const copies = new ElectionCopies();
  for (let i = 0; i < 16; i += 1) copies.add('a', { peer: `p${i}`, subnet: 's', witness: false, block });
  copies.add('a', { peer: 'q', subnet: 't', witness: false, block });
  expect(copies.of('a').map(({ peer }) => peer)).not.toContain('q');
  copies.add('a', { peer: 'q', subnet: 't', witness: true, block });
  expect(copies.of('a')).toHaveLength(16);
  expect(copies.of('a').map(({ peer }) => peer)).toContain('q');
  copies.dropCopy('a', 'q');
  expect(copies.of('a')).toHaveLength(15);
});
