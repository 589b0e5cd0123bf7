import { expect, it } from 'vitest';
import type { TrustLevel } from '../client/types.ts';
import { withLevel } from './levels-used.ts';

const after = (...levels: (TrustLevel | undefined)[]) => levels.reduce<readonly TrustLevel[]>(withLevel, []);

it('only levels that the chain has had are marked as used', () => {
  expect(after('proven')).toEqual(['proven']);
  expect(after('pico', 'pico', 'proven', 'proven')).toEqual(['pico', 'proven']);
  expect(after('claimed', 'pico', 'claimed', 'proven')).toEqual(['pico', 'proven']);
});

it('a chain that falls back, or starts anew, clears all higher levels', () => {
  expect(after('pico', 'proven', 'pico')).toEqual(['pico']);
  expect(after('pico', undefined, 'proven')).toEqual(['proven']);
});

it('an unchanged list stays the same object, so that rendering ends', () => {
  const used = after('pico', 'proven');
  expect(withLevel(used, 'proven')).toBe(used);
  expect(after(undefined)).toBe(after('pico', undefined));
});
