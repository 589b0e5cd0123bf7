import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraries } from '../../../../test/support/arbitraries.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { toHex } from '../../../base/bytes.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { decode, DecodeError, encode } from '../../../base/postcard/codec.ts';
import { Reader } from '../../../base/postcard/reader.ts';

const isCodec = (value: unknown): value is Codec<unknown> =>
  typeof value === 'object' && value !== null && 'read' in value && typeof value.read === 'function' && 'write' in value && typeof value.write === 'function';

/** Every codec in a module's exports, also in plain objects, by path. */
function codecsIn(value: unknown, path: string): [string, Codec<unknown>][] {
  if (isCodec(value)) return [[path, value]];
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return [];
  return Object.entries(value).flatMap(([key, part]) => codecsIn(part, `${path}:${key}`));
}

/** Named as in the list of arbitraries. */
const modules = ([['', '.'], ['postcard/', '../../../base/postcard']] as const).flatMap(([prefix, folder]) =>
  readdirSync(fileURLToPath(new URL(folder, import.meta.url)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'arbitraries.ts')
    .map((file) => ({ name: prefix + file.slice(0, -'.ts'.length), url: new URL(`${folder}/${file}`, import.meta.url).href })),
);
const codecs = new Map<string, Codec<unknown>>();
for (const { name, url } of modules) {
  const exported = (await import(/* @vite-ignore */ url)) as Record<string, unknown>;
  for (const [key, value] of Object.entries(exported)) for (const [path, codec] of codecsIn(value, `${name}:${key}`)) codecs.set(path, codec);
}

/** Decodes. Throws on any result but a value or a `DecodeError` with an offset in the input. */
function outcome(codec: Codec<unknown>, bytes: Uint8Array): { value: unknown; end: number } | DecodeError {
  const r = new Reader(bytes);
  try {
    const value = codec.read(r);
    return { value, end: r.offset };
  } catch (error) {
    if (error instanceof DecodeError && error.offset >= 0 && error.offset <= bytes.length) return error;
    throw error;
  }
}

/** An unknown error index is read as Other and written with another index. This is the one exception to "one value, one encoding". */
const hasErrorNames = (path: string): boolean => path.endsWith(':response');

/** Whether a decoded value encodes to exactly the bytes it was read from; a refusal is fine too. Throws on any other result. */
function isTotal(path: string, codec: Codec<unknown>, bytes: Uint8Array): boolean {
  const result = outcome(codec, bytes);
  if (result instanceof DecodeError) return true;
  const again = encode(codec, result.value);
  if (hasErrorNames(path)) return isDeepStrictEqual(decode(codec, again), result.value);
  return result.end <= bytes.length && toHex(again) === toHex(bytes.subarray(0, result.end));
}

type Mutation = { readonly kind: 'flip' | 'set' | 'insert' | 'remove' | 'cut'; readonly at: number; readonly byte: number };
const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('flip', 'set', 'insert', 'remove', 'cut'),
  at: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
  byte: fc.oneof(fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 })),
});

function mutate(bytes: Uint8Array, { kind, at, byte }: Mutation): Uint8Array {
  const list = [...bytes];
  const index = Math.floor(at * list.length);
  if (kind === 'cut') return bytes.slice(0, index);
  if (kind === 'insert') list.splice(index, 0, byte);
  else if (kind === 'remove') list.splice(index, 1);
  else if (index < list.length) list[index] = kind === 'set' ? byte : list[index]! ^ (1 << (byte % 8));
  return Uint8Array.from(list);
}

describe('the list of codecs', () => {
  it('has an arbitrary for every exported codec, and no other', () => {
    expect(codecs.size).toBeGreaterThan(40);
    expect(Object.keys(arbitraries).sort()).toEqual([...codecs.keys()].sort());
  });
});

describe.each([...codecs])('%s', (path, codec) => {
  const values = arbitraries[path] ?? fc.constant(undefined);

  it('gives back every value, and the same bytes again', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(codec, value);
        expect(bytes.length).toBeGreaterThanOrEqual(codec.minSize ?? 0);
        const decoded = decode(codec, bytes);
        expect(decoded).toEqual(value);
        expect(toHex(encode(codec, decoded))).toBe(toHex(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it('gives a value or a DecodeError for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 900 }), (bytes) => void expect(isTotal(path, codec, bytes)).toBe(true)), runs(100, 1_000_000));
    // Small bytes get further, because they are valid tags and lengths.
    const small = fc.array(fc.constantFrom(0, 1, 2, 3, 0x80, 0xff), { maxLength: 900 }).map((bytes) => Uint8Array.from(bytes));
    fc.assert(fc.property(small, (bytes) => void expect(isTotal(path, codec, bytes)).toBe(true)), runs(100, 1_000_000));
  }, longTimeout);

  it('gives a value or a DecodeError for damaged encodings', () => {
    fc.assert(
      fc.property(values, fc.array(mutation, { minLength: 1, maxLength: 3 }), (value, mutations) => {
        let bytes = encode(codec, value);
        for (const each of mutations) bytes = mutate(bytes, each);
        expect(isTotal(path, codec, bytes)).toBe(true);
      }),
      runs(100, 1_000_000),
    );
  }, longTimeout);

  it('needs every byte of an encoding', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(codec, value);
        // Long encodings are cut only at some of their lengths.
        const step = Math.max(1, Math.floor(bytes.length / 97));
        for (let length = 0; length < bytes.length; length += step) {
          const result = outcome(codec, bytes.subarray(0, length));
          expect(result instanceof DecodeError && result.code).toBe('unexpected-end');
        }
      }),
      { numRuns: 10 },
    );
  });
});
