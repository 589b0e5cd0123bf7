import { expect, it } from 'vitest';
import type { MacroBlock } from '../wire/types.ts';
import { ElectionCopies } from './election-copies.ts';

const block = { header: { validators: [] } } as unknown as MacroBlock;

it('remembers one copy a peer, of the newest blocks only', () => {
  const copies = new ElectionCopies();
  copies.add('a', 'p', 's', block);
  copies.add('a', 'p', 's', block);
  copies.add('a', 'q', 't', block);
  expect(copies.of('a').map(({ peer, subnet }) => `${peer} ${subnet}`)).toEqual(['p s', 'q t']);
  for (let i = 0; i < 8; i += 1) copies.add(`b${i}`, 'p', 's', block);
  expect(copies.of('a')).toEqual([]);
  expect(copies.of('b0')).toHaveLength(1);
});

it('keeps equal lists once, and tells of each copy', () => {
  const copies = new ElectionCopies();
  const told: string[] = [];
  copies.onAdded((hash) => told.push(hash));
  copies.add('a', 'p', 's', block);
  copies.add('a', 'q', 't', structuredClone(block));
  expect(copies.of('a').map((copy) => copy.block === block)).toEqual([true, true]);
  expect(told).toEqual(['a', 'a']);
});

it('has a bound for the copies of a block', () => {
  const copies = new ElectionCopies();
  for (let i = 0; i < 40; i += 1) copies.add('a', `p${i}`, 's', block);
  expect(copies.of('a')).toHaveLength(16);
});

it('forgets what a liar said', () => {
  const copies = new ElectionCopies();
  copies.add('a', 'p', 's', block);
  copies.add('a', 'q', 't', block);
  copies.dropPeer('p');
  expect(copies.of('a').map(({ peer }) => peer)).toEqual(['q']);
});
