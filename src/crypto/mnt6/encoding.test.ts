import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curves } from '../../../test/support/curve-backends.ts';
import vectors from '../../../test/vectors/bls.json' with { type: 'json' };
import { finish } from '../finish.ts';
import { toLittleEndian } from '../little-endian.ts';
import { G2_GENERATOR, P, R } from './constants.ts';
import { decodeG1ManySteps, decodeG1Steps, decodeScalar, encodeG1 } from './encoding.ts';
import { canonical, isSquareFq } from './fq.ts';
import { g1, g1Generator, g1RightSide } from './g1.ts';
import type { Affine } from './jacobian.ts';

const decodeG1 = (bytes: Uint8Array) => finish(decodeG1Steps(bytes));

describe.each(curves)('decoding on $name', ({ curve: { field, g2, encoding } }) => {
  const decodeG2 = (bytes: Uint8Array) => finish(encoding.decodeSteps(bytes));
  const encodeG2 = encoding.encode;
  const importG2 = encoding.import;
  const g2Generator = g2.generator;
  const coefficients = (x: unknown) => Object.values(field.toCoefficients(x)).map(String);

  /** A point in the form of the vectors. */
  function asText(point: ReturnType<typeof decodeG1> | ReturnType<typeof decodeG2>): unknown {
    if (!point || point === 'infinity') return point;
    const text = (c: unknown) => (typeof c === 'bigint' ? canonical(c).toString() : coefficients(c));
    return { x: text(point.x), y: text(point.y) };
  }

  it.each(vectors.decompress_ok)('accepts $type $hex', ({ type, hex, affine }) => {
    const bytes = hexToBytes(hex);
    expect(asText(type === 'g1' ? decodeG1(bytes) : decodeG2(bytes))).toEqual(affine);
    expect(bytesToHex(type === 'g1' ? encodeG1(decodeG1(bytes)!) : encodeG2(decodeG2(bytes)!))).toBe(hex);
  });

  it.each(vectors.decompress_reject)('rejects $type: $why', ({ type, hex }) => {
    expect(type === 'g1' ? decodeG1(hexToBytes(hex)) : decodeG2(hexToBytes(hex))).toBeUndefined();
  });

  it('checks the whole subgroup: the rejected points of small order are on the twist', () => {
    const onTwist = vectors.decompress_reject.filter(({ why }) => why.includes('order'));
    expect(onTwist.length).toBeGreaterThan(10);
    // The primes below 1000 that divide the order of the twist: alone, and in a sum with the generator.
    for (const order of [2, 3, 5, 7, 641]) expect(onTwist.filter(({ why }) => why.endsWith(`order ${order}`)).length).toBeGreaterThanOrEqual(2);
    for (const { hex } of onTwist) {
      const bytes = hexToBytes(hex);
      bytes[284]! &= 0x3f;
      // The x coordinate itself gives a point, so the subgroup check refused it.
      expect(decodeG2(bytes)).toBeUndefined();
    }
  });

  it('accepts any canonical x with the infinity flag, and writes infinity in one form', () => {
    const odd = new Uint8Array(95);
    odd[0] = 7;
    odd[94] = 0x40;
    expect(decodeG1(odd)).toBe('infinity');
    expect(decodeG2(concatBytes(new Uint8Array(190), odd))).toBe('infinity');
    expect(decodeG1(concatBytes(toLittleEndian(P, 95).subarray(0, 94), Uint8Array.of(toLittleEndian(P, 95)[94]! | 0x40)))).toBeUndefined();
    for (const length of [95, 285]) {
      const written = length === 95 ? encodeG1('infinity') : encodeG2('infinity');
      expect(written.findIndex((byte) => byte !== 0)).toBe(length - 1);
      expect(written.at(-1)).toBe(0x40);
    }
  });

  it('chooses y by the flag', () => {
    for (const point of [g1Generator, g1.negate(g1Generator)]) expect(encodeG1(decodeG1(encodeG1(point))!)).toEqual(encodeG1(point));
    const minus = g2.negate(g2Generator);
    expect(field.equals((decodeG2(encodeG2(minus)) as Affine<unknown>).y, minus.y)).toBe(true);
    expect(encodeG2(minus)[284]! ^ encodeG2(g2Generator)[284]!).toBe(0x80);
  });

  it('compares the coefficients of u², u and 1 in this order', () => {
    const sign = (c0: bigint, c1: bigint, c2: bigint) => encodeG2({ x: field.zero, y: field.fromCoefficients({ c0, c1, c2 }) })[284]! >> 7;
    expect(sign(P - 1n, P - 1n, 1n)).toBe(0);
    expect(sign(1n, 1n, P - 1n)).toBe(1);
    expect(sign(P - 1n, 1n, 0n)).toBe(0);
    expect(sign(1n, P - 1n, 0n)).toBe(1);
    expect(sign(1n, 0n, 0n)).toBe(0);
    expect(sign(-1n, 0n, P)).toBe(1);
    expect(sign(0n, 0n, 0n)).toBe(0);
    expect(sign((P + 1n) / 2n, 0n, 0n)).toBe(1);
    expect(sign((P - 1n) / 2n, 0n, 0n)).toBe(0);
  });

  it('encodes and decodes points of G1', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: P - 1n }), fc.boolean(), (x, negative) => {
        const bytes = toLittleEndian(x, 95);
        if (negative) bytes[94]! |= 0x80;
        const point = decodeG1(bytes);
        expect(point && encodeG1(point)).toEqual(isSquareFq(g1RightSide(x)) ? bytes : undefined);
      }),
      { numRuns: 30 },
    );
  });

  it('decodes many points of G1 with the same results as one by one', () => {
    const list = [...vectors.decompress_ok, ...vectors.decompress_reject].filter(({ type }) => type === 'g1').map(({ hex }) => hexToBytes(hex));
    expect(list.length).toBeGreaterThan(5);
    expect(finish(decodeG1ManySteps(list))).toEqual(list.map(decodeG1));
    expect(finish(decodeG1ManySteps([]))).toEqual([]);
  });

  it('returns undefined for any bytes of another length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(bytes.length === 95 ? undefined : decodeG1(bytes)).toBeUndefined();
        expect(bytes.length === 285 ? undefined : decodeG2(bytes)).toBeUndefined();
        expect(importG2(bytes, bytes)).toBeUndefined();
        expect(decodeScalar(bytes) ?? 0n).toBeLessThan(R);
      }),
    );
  });

  it('returns a point or undefined for any bytes of the right length', () => {
    const length = (n: number) => fc.uint8Array({ minLength: n, maxLength: n });
    fc.assert(
      fc.property(length(95), length(285), length(570), (one, three, six) => {
        // 95 random bytes are rarely below p; with the last one cleared half of them are points.
        one[94]! &= 0x80;
        three[94] = three[189] = 0;
        three[284]! &= 0x80;
        const point = decodeG1(one);
        expect(point ? encodeG1(point) : one).toEqual(one);
        // Only one point in h2 (a number of 1506 bits) is in the subgroup.
        expect(decodeG2(three)).toBeUndefined();
        expect(importG2(six, three)).toBeUndefined();
      }),
      { numRuns: 15 },
    );
  });
});

describe('scalars', () => {
  it('are below r, and 95 bytes', () => {
    expect(decodeScalar(toLittleEndian(R - 1n, 95))).toBe(R - 1n);
    expect(decodeScalar(toLittleEndian(0n, 95))).toBe(0n);
    expect(decodeScalar(toLittleEndian(R, 95))).toBeUndefined();
    expect(decodeScalar(new Uint8Array(95).fill(0xff))).toBeUndefined();
    expect(decodeScalar(new Uint8Array(94))).toBeUndefined();
    expect(decodeScalar(new Uint8Array(96))).toBeUndefined();
  });
});

describe.each(curves)('a decoded point on $name', ({ curve: { g2, encoding } }) => {
  const { encode: encodeG2, export: exportG2, import: importG2 } = encoding;
  const g2Generator = g2.generator;
  const decodeG2 = (bytes: Uint8Array) => finish(encoding.decodeSteps(bytes));
  const compressed = encodeG2(g2Generator);
  const decoded = exportG2(g2Generator);

  it('is written and read back', () => {
    expect(decoded.length).toBe(570);
    const point = importG2(decoded, compressed)!;
    expect(encodeG2(point)).toEqual(compressed);
    expect(exportG2(point)).toEqual(decoded);
  });

  it('is not used if it differs from the compressed one', () => {
    const other = finish(g2.multiplySteps(g2Generator, 5n));
    const otherPoint = g2.toAffine(other) as Affine<unknown>;
    expect(g2.isOnTwist(otherPoint)).toBe(true);
    expect(importG2(exportG2(otherPoint), compressed)).toBeUndefined();
    expect(importG2(exportG2(g2.negate(g2Generator)), compressed)).toBeUndefined();
    expect(importG2(concatBytes(decoded.subarray(0, 285), exportG2(otherPoint).subarray(285)), compressed)).toBeUndefined();
    const flipped = decoded.slice();
    flipped[285]! ^= 1;
    expect(importG2(flipped, compressed)).toBeUndefined();
    expect(importG2(decoded.subarray(1), compressed)).toBeUndefined();
    const notReduced = decoded.slice();
    notReduced.set(toLittleEndian(G2_GENERATOR.y.c0 + P, 95), 285);
    expect(importG2(notReduced, compressed)).toBeUndefined();
    expect(importG2(decoded, encodeG2('infinity'))).toBeUndefined();
    for (const point of [g2Generator, g2.negate(g2Generator)]) {
      // Infinity with the x of a point, which is read as infinity.
      const infinite = compressed.slice();
      infinite[284] = (infinite[284]! & 0x3f) | 0x40;
      expect(decodeG2(infinite)).toBe('infinity');
      expect(importG2(exportG2(point), infinite)).toBeUndefined();
    }
  });
});
