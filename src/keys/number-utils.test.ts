import * as official from '@nimiq/core';
import { expect, it } from 'vitest';
import { ArrayUtils } from './array-utils.ts';
import { NumberUtils } from './number-utils.ts';
import { StringUtils } from './string-utils.ts';

it('numbers are checked as by the official client', () => {
  for (const value of [-1, 0, 0.5, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, Number.NaN, Infinity, '1', undefined, null]) {
    for (const check of ['isInteger', 'isUint8', 'isUint16', 'isUint32', 'isUint64'] as const) expect(NumberUtils[check](value)).toBe(official.NumberUtils[check](value));
  }
  expect({ ...NumberUtils }).toEqual({ ...official.NumberUtils });
});

it('texts are checked as by the official client', () => {
  for (const text of ['', '0', '0a', '0A0b', 'xy', '0a ', '\n', 'ä', '🐦', '\ud800', '\udc00', 'a\ud83d', '\udc26\ud83d', '\ud83d\ud83d\udc26']) {
    expect(StringUtils.isWellFormed(text)).toBe(official.StringUtils.isWellFormed(text));
    expect(StringUtils.isHex(text)).toBe(official.StringUtils.isHex(text));
    for (const length of [undefined, 0, 1, 2]) expect(StringUtils.isHexBytes(text, length)).toBe(official.StringUtils.isHexBytes(text, length));
  }
});

it('views are cut as by the official client', () => {
  const bytes = new Uint8Array(Uint8Array.of(9, 0, 1, 2, 3).buffer, 1);
  const bounds = [undefined, -9, -1, 0, 1, 3, 4, 99];
  for (const begin of bounds) for (const end of bounds) expect(ArrayUtils.subarray(bytes, begin, end)).toEqual(official.ArrayUtils.subarray(bytes, begin, end));
  expect(ArrayUtils.subarray(bytes, 1).buffer).toBe(bytes.buffer);
});
