import { expect, it } from 'vitest';
import type { TrustLevel } from '../client/types.ts';
import { withLevel } from './levels-used.ts';

const after = (...levels: (TrustLevel | undefined)[]) => levels.reduce<readonly TrustLevel[]>(withLevel, []);

it('only levels on which the chain stood are used', () => {
  expect(after('proven')).toEqual(['proven']);
  expect(after('pico', 'pico', 'proven', 'proven')).toEqual(['pico', 'proven']);
  expect(after('claimed', 'pico', 'claimed', 'proven')).toEqual(['pico', 'proven']);
});

it('a chain that falls back, or begins anew, has left nothing behind that is above it', () => {
  expect(after('pico', 'proven', 'pico')).toEqual(['pico']);
  expect(after('pico', undefined, 'proven')).toEqual(['proven']);
});

it('the same list stays the same object, so that drawing ends', () => {
  const used = after('pico', 'proven');
  expect(withLevel(used, 'proven')).toBe(used);
  expect(after(undefined)).toBe(after('pico', undefined));
});
