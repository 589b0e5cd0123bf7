import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/zkp.json' with { type: 'json' };
import { finish } from './finish.ts';
import { toLittleEndian } from './little-endian.ts';
import { P } from './mnt6/constants.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';
import { decodeVerifyingKey, encodeVerifyingKey, VERIFYING_KEY_LENGTH } from './verifying-key.ts';

const fq = (text: string) => BigInt(text);
const fq3 = ([c0, c1, c2]: string[]) => ({ c0: fq(c0!), c1: fq(c1!), c2: fq(c2!) });
const g1 = ({ x, y }: { x: string; y: string }) => ({ x: fq(x), y: fq(y) });
const g2 = ({ x, y }: { x: string[]; y: string[] }) => ({ x: fq3(x), y: fq3(y) });
const named = [vectors.tests, vectors.devnet, vectors.mainnet];

describe.each(named)('the verifying key $file', ({ raw_hex: hex, vk, e_alpha_beta: expected }) => {
  const key = decodeVerifyingKey(hexToBytes(hex))!;

  it('is decoded, and encoded to the same bytes', () => {
    expect(key).toEqual({ alpha: g1(vk.alpha_g1), beta: g2(vk.beta_g2), gamma: g2(vk.gamma_g2), delta: g2(vk.delta_g2), inputs: vk.gamma_abc_g1.map(g1) });
    expect(bytesToHex(encodeVerifyingKey(key))).toBe(hex);
  });

  it('has the constant that another program computed', () => {
    const { pairing } = bigintMnt6;
    const value = finish(pairing.productSteps([{ p: key.alpha, q: finish(pairing.prepareSteps(key.beta)) }]));
    expect(pairing.fq6.equals(value, { a0: fq3(expected.c0), a1: fq3(expected.c1) })).toBe(true);
  });
});

describe('bytes that are no verifying key', () => {
  const good = hexToBytes(vectors.tests.raw_hex);
  const changed = (at: number, bytes: Uint8Array) => {
    const copy = good.slice();
    copy.set(bytes, at);
    return copy;
  };

  it('are refused for their length', () => {
    expect(VERIFYING_KEY_LENGTH).toBe(3048);
    for (const bytes of [new Uint8Array(0), good.subarray(1), Uint8Array.of(...good, 0)]) expect(decodeVerifyingKey(bytes)).toBeUndefined();
  });

  it('are refused for another number of inputs', () => {
    for (const count of [[5], [7], [0], [6, 1], [6, 0, 0, 0, 0, 0, 0, 1]]) expect(decodeVerifyingKey(changed(1900, Uint8Array.from(count)))).toBeUndefined();
  });

  // The first byte of x or y of every point.
  it.each([0, 95, 190, 475, 760, 1045, 1330, 1615, 1908, 2003, 2858, 2953])('are refused for a point off its curve (%i)', (at) => {
    expect(decodeVerifyingKey(changed(at, Uint8Array.of(good[at]! ^ 1)))).toBeUndefined();
  });

  it.each([0, 95, 190, 285, 665, 1235, 1805, 1908, 2953])('are refused for a coefficient that is not below p (%i)', (at) => {
    expect(decodeVerifyingKey(changed(at, toLittleEndian(P, 95)))).toBeUndefined();
  });

  it.each([189, 759, 1329, 1899, 2097, 3047])('are refused for a point at infinity, and accepted with another sign flag (%i)', (at) => {
    expect(decodeVerifyingKey(changed(at, Uint8Array.of(good[at]! | 0x40)))).toBeUndefined();
    expect(decodeVerifyingKey(changed(at, Uint8Array.of(good[at]! ^ 0x80)))).toEqual(decodeVerifyingKey(good));
  });
});
