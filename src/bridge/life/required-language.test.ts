import { expect, it } from 'vitest';
import { missingLanguage } from './required-language.ts';

it('finds no missing feature here, and names each one that is missing', () => {
  expect(missingLanguage(globalThis)).toEqual([]);
  class OldArray {
    toSorted() {}
    findLast() {}
  }
  expect(missingLanguage({ Array: OldArray, Object, AbortSignal: { prototype: {} } })).toEqual(['Array.prototype.toReversed', 'AbortSignal.timeout', 'AbortSignal.prototype.throwIfAborted']);
  expect(missingLanguage({})).toHaveLength(6);
});
