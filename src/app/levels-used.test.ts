import { expect, it } from 'vitest';
import type { TrustLevel } from '../client/types.ts';
import { levelsUpTo, withLevel } from './levels-used.ts';

const after = (...levels: (TrustLevel | undefined)[]) => levels.reduce<readonly TrustLevel[]>(withLevel, []);

it('only levels that the chain has had are marked as used', () => {
  expect(after('proven')).toEqual(['proven']);
  expect(after('witnessed', 'witnessed', 'proven', 'proven')).toEqual(['witnessed', 'proven']);
  expect(after('claimed', 'witnessed', 'claimed', 'proven')).toEqual(['witnessed', 'proven']);
});

it('a chain that falls back, or starts anew, clears all higher levels', () => {
  expect(after('witnessed', 'proven', 'witnessed')).toEqual(['witnessed']);
  expect(after('witnessed', undefined, 'proven')).toEqual(['proven']);
});

it('an unchanged list stays the same object, so that rendering ends', () => {
  const used = after('witnessed', 'proven');
  expect(withLevel(used, 'proven')).toBe(used);
  expect(after(undefined)).toBe(after('witnessed', undefined));
});

it('levels above the highest that a chain can reach are not listed, unless it has one', () => {
  expect(levelsUpTo('pinned', 'pinned')).toEqual(['pinned', 'witnessed', 'claimed']);
  expect(levelsUpTo('pinned', undefined)).toEqual(['pinned', 'witnessed', 'claimed']);
  expect(levelsUpTo('pinned', 'proven')[0]).toBe('proven');
  expect(levelsUpTo(undefined, 'claimed')).toEqual(['proven', 'pinned', 'witnessed', 'claimed']);
});
