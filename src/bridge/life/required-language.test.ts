import { expect, it } from 'vitest';
import { missingLanguage } from './required-language.ts';

it('finds nothing missing here, and names what is', () => {
  expect(missingLanguage(globalThis)).toEqual([]);
  class OldArray {
    toSorted() {}
    findLast() {}
  }
  expect(missingLanguage({ Array: OldArray, Object, AbortSignal: { prototype: {} } })).toEqual(['Array.prototype.toReversed', 'AbortSignal.timeout', 'AbortSignal.prototype.throwIfAborted']);
  expect(missingLanguage({})).toHaveLength(6);
});
