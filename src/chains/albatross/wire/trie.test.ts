import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { keyNibbles, trieProof } from './trie.ts';

describe('key nibbles', () => {
  it.each([
    ['0000', ''],
    ['0101a0', 'a'],
    ['0402abcd', 'abcd'],
    ['2714e18d595a8d0364703937c1fd9ea67d8a4e640460', 'e18d595a8d0364703937c1fd9ea67d8a4e64046'],
    ['52290000000000000000000000000000000000000001000707070707070707070707070707070707070707', '0000000000000000000000000000000000000001000707070707070707070707070707070707070707'],
  ])('%s is %s', (hex, key) => {
    expect(decode(keyNibbles, fromHex(hex))).toBe(key);
    expect(toHex(encode(keyNibbles, key))).toBe(hex);
  });

  it.each([
    ['a spare nibble that is not zero', '0101ab', 'invalid-value'],
    ['more bytes than nibbles need', '0202ab00', 'invalid-value'],
    ['fewer', '0401ab', 'invalid-value'],
    ['more than 82 nibbles', '532a00', 'length-over-limit'],
    ['more bytes than a key has', '522a00', 'length-over-limit'],
    ['bytes that are not there', '0402ab', 'unexpected-end'],
  ])('refuse %s', (_, hex, code) => {
    expect(() => decode(keyNibbles, fromHex(hex))).toThrow(expect.objectContaining({ name: 'DecodeError', code }));
  });

  it('cannot be encoded when they are no key', () => {
    expect(() => encode(keyNibbles, '0'.repeat(83))).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'over-limit' }));
    expect(() => encode(keyNibbles, 'xy')).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'out-of-range' }));
  });
});

describe('a trie proof', () => {
  const root = { key: '', value: { type: 'none' as const }, children: Array.from({ length: 16 }, () => undefined) };

  it('has nodes with 16 children each, without a count', () => {
    expect(toHex(encode(trieProof, { nodes: [root], missingProvenBy: [{ key: 'a', provenBy: '' }] }))).toBe(`01000000${'00'.repeat(16)}010101a00000`);
    expect(() => encode(trieProof, { nodes: [{ ...root, children: [] }], missingProvenBy: [] })).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'wrong-length' }));
  });
});
