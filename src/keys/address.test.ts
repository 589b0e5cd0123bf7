import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/addresses.json' with { type: 'json' };
import { fromHex } from '../base/bytes.ts';
import { Address } from './address.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('Address (A3)', () => {
  it.each(vectors.addresses)('$of: has both forms', ({ hex, friendly }) => {
    const address = new Address(fromHex(hex));
    expect(address.toHex()).toBe(hex);
    expect([address.toUserFriendlyAddress(), address.toPlain()]).toEqual([friendly, friendly]);
    for (const text of [hex, hex.toUpperCase(), friendly, friendly.replaceAll(' ', '')]) expect(Address.fromAny(text).toHex()).toBe(hex);
    expect(Address.fromUserFriendlyAddress(friendly).equals(address)).toBe(true);
  });

  it.each(vectors.fromString)('refuses "$text"', ({ text, error }) => {
    expect(() => Address.fromString(text)).toThrow(error);
    expect(() => Address.fromString(text)).toThrow(code('unknown-format'));
  });

  it.each(vectors.fromAny.filter(({ result }) => result !== undefined))('takes "$text"', ({ text, result }) => {
    expect(Address.fromAny(text).toHex()).toBe(result);
  });

  it.each(vectors.fromAny.filter(({ result }) => result === undefined))('refuses "$text" as anything', ({ text, error }) => {
    expect(() => Address.fromAny(text)).toThrow(error);
  });

  it.each([
    ['NQ08 0000 0000 0000 0000 0000 0000 0000 0000', 'wrong-checksum', 'Invalid checksum'],
    ['NQ07 0000 0000 0000 0000 0000 0000 0000 000', 'wrong-length', 'Wrong length'],
    ['nq07 0000 0000 0000 0000 0000 0000 0000 0000', 'wrong-country', 'Wrong country code'],
    ['NQ+7 0000 0000 0000 0000 0000 0000 0000 0000', 'unknown-format', 'Unknown format'],
  ])('says why "%s" is no user-friendly address', (text, expected, message) => {
    expect(() => Address.fromUserFriendlyAddress(text)).toThrow(code(expected));
    expect(() => Address.fromUserFriendlyAddress(text)).toThrow(message);
  });

  it('refuses a letter that the alphabet lacks, even where the check digits fit', () => {
    const texts = Array.from({ length: 97 }, (_, i) => `NQ${String(i + 2).padStart(2, '0')}${'0'.repeat(31)}O`);
    for (const text of texts) expect(() => Address.fromUserFriendlyAddress(text)).toThrow(/Invalid checksum|Unknown format/u);
    expect(texts.filter((text) => !/checksum/u.test(String(attempt(() => Address.fromUserFriendlyAddress(text)))))).toHaveLength(1);
  });

  it('refuses other lengths and types', () => {
    for (const length of [0, 19, 21, 40]) expect(() => Address.fromAny(new Uint8Array(length))).toThrow(code('wrong-length'));
    for (const wrong of [undefined, null, 5, {}, [1]]) expect(() => Address.fromAny(wrong as unknown as string)).toThrow(code('wrong-type'));
  });

  it('keeps its bytes to itself', () => {
    const bytes = new Uint8Array(20);
    const address = new Address(bytes);
    bytes[0] = 1;
    address.serialize()[0] = 1;
    expect(address.equals(Address.NULL)).toBe(true);
  });

  it('reads what it writes, and orders as the bytes', () => {
    const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
    fc.assert(fc.property(bytes, bytes, (a, b) => {
      const [first, second] = [new Address(a), new Address(b)];
      expect(Address.fromString(first.toPlain()).serialize()).toEqual(a);
      expect(first.compare(second)).toBe(first.toHex() < second.toHex() ? -1 : first.equals(second) ? 0 : 1);
      expect(first.compare(second) + second.compare(first)).toBe(0);
    }));
  });
});

function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
