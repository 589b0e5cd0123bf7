import { expect, it } from 'vitest';
import { groupByChain } from './group-by-chain.ts';

it('groups the networks by chain; a chain without networks has its heading all the same', () => {
  const chains: Readonly<Record<string, string>> = { '/own.json': 'moloch', '@t.json': 'toy' };
  expect(groupByChain(['main-albatross', 'unit-albatross'], ['/own.json', '@t.json', '/old.json'], (name) => chains[name])).toEqual([
    ['albatross', ['main-albatross', 'unit-albatross', '/old.json']],
    ['hotstuff2', []],
    ['moloch', ['/own.json']],
    ['stacks', []],
    ['toy', ['@t.json']],
  ]);
});
