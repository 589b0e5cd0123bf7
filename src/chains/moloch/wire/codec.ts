/**
 * Codecs of bincode's types, and how to build one from others (Moloch reference, 1). A codec reads and writes the same bytes: `encode(decode(x))` is x.
 * @module
 */
// Tests: `src/chains/moloch/wire/bincode.test.ts`, `src/chains/moloch/wire/event.test.ts`.
import { BincodeReader, BincodeWriter, type IsKey } from './bincode.ts';
import { MolochCodecError } from './codec-error.ts';

export interface Codec<T> {
  read(r: BincodeReader): T;
  write(w: BincodeWriter, value: T): void;
  /** The fewest bytes that a value takes. */
  readonly minSize: number;
}

export interface DecodeOptions {
  /** The check of keys. Without it a key is any 32 bytes. */
  readonly isKey?: IsKey | undefined;
}

/** The value of `bytes`, with no byte left over. Throws `MolochCodecError`. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array, { isKey }: DecodeOptions = {}): T {
  const r = new BincodeReader(bytes, isKey);
  const value = codec.read(r);
  r.end();
  return value;
}

/** The bytes of `value`. Throws `MolochCodecError`. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const w = new BincodeWriter();
  codec.write(w, value);
  return w.finish();
}

export const u8: Codec<number> = { read: (r) => r.u8(), write: (w, value) => w.u8(value), minSize: 1 };
export const u16: Codec<number> = { read: (r) => r.u16(), write: (w, value) => w.u16(value), minSize: 2 };
export const u32: Codec<number> = { read: (r) => r.u32(), write: (w, value) => w.u32(value), minSize: 4 };
/** At most 2^53 - 1. */
export const u64: Codec<number> = { read: (r) => r.u64(), write: (w, value) => w.u64(value), minSize: 8 };
/** Ids of requests: any u64. */
export const u64big: Codec<bigint> = { read: (r) => r.u64big(), write: (w, value) => w.u64big(value), minSize: 8 };
/** An i64 within 2^53 - 1 on either side. */
export const i64: Codec<number> = { read: (r) => r.i64(), write: (w, value) => w.i64(value), minSize: 8 };
/** Unix milliseconds. */
export const time: Codec<number> = { read: (r) => r.time(), write: (w, value) => w.time(value), minSize: 8 };
export const bool: Codec<boolean> = { read: (r) => r.flag('bad-bool'), write: (w, value) => w.u8(value ? 1 : 0), minSize: 1 };
export const text: Codec<string> = { read: (r) => r.text(), write: (w, value) => w.text(value), minSize: 8 };
export const bytes: Codec<Uint8Array> = { read: (r) => r.bytes(), write: (w, value) => w.bytes(value), minSize: 8 };
/** 32 bytes as 64 lower-case hex digits. */
export const hash: Codec<string> = { read: (r) => r.hex(32), write: (w, value) => w.hex(value, 32), minSize: 32 };
/** An Ed25519 public key as 64 lower-case hex digits. */
export const key: Codec<string> = { read: (r) => r.key(), write: (w, value) => w.hex(value, 32), minSize: 32 };
/** An Ed25519 signature: 64 bytes, R then s. */
export const signature: Codec<Uint8Array> = { read: (r) => r.fixed(64), write: (w, value) => w.raw(value, 64), minSize: 64 };
/** A nonce: 32 bytes. */
export const nonce: Codec<Uint8Array> = { read: (r) => r.fixed(32), write: (w, value) => w.raw(value, 32), minSize: 32 };

/** One byte 0 or 1, and the value after a 1. */
export function option<T extends NonNullable<unknown>>(codec: Codec<T>): Codec<T | undefined> {
  return {
    read: (r) => (r.flag('bad-option') ? codec.read(r) : undefined),
    write(w, value) {
      w.u8(value === undefined ? 0 : 1);
      if (value !== undefined) codec.write(w, value);
    },
    minSize: 1,
  };
}

/** A u64 and so many items. */
export function list<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    read(r) {
      const count = r.length(codec.minSize);
      const items: T[] = [];
      for (let i = 0; i < count; i += 1) items.push(codec.read(r));
      return items;
    },
    write(w, items) {
      w.u64(items.length);
      for (const item of items) codec.write(w, item);
    },
    minSize: 8,
  };
}

/** The codecs of an object's fields, in the order of the bytes. */
export type Fields<T> = { readonly [K in keyof T]-?: Codec<T[K]> };

export function struct<T extends object>(fields: Fields<T>): Codec<T> {
  const entries = Object.entries(fields) as [keyof T & string, Codec<T[keyof T]>][];
  return {
    read(r) {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = codec.read(r);
      return value as T;
    },
    write(w, value) {
      for (const [name, codec] of entries) codec.write(w, value[name]);
    },
    minSize: entries.reduce((sum, [, codec]) => sum + codec.minSize, 0),
  };
}

/** An enum without values: its names in the order of their indices. */
export function names<T extends string>(...all: readonly T[]): Codec<T> {
  return { read: (r) => all[r.index(all.length)]!, write: (w, value) => w.u32(indexOf(all, value)), minSize: 4 };
}

type OfKind<T extends { readonly kind: string }, K> = T extends { readonly kind: infer All } ? (K extends All ? Omit<T, 'kind'> : never) : never;

/** The fields of every kind of an enum with values, in the order of their indices. */
type Kinds<T extends { readonly kind: string }> = { readonly [K in T['kind']]: Fields<OfKind<T, K>> };

/** An enum with values; `first`: the index of its first kind. */
export function kinds<T extends { readonly kind: string }>(table: Kinds<T>, first = 0): Codec<T> {
  const all = Object.keys(table);
  const codecs = (Object.values(table) as Fields<object>[]).map((fields) => struct(fields));
  return {
    read(r) {
      const index = r.index(all.length, first);
      return { kind: all[index]!, ...codecs[index]!.read(r) } as T;
    },
    write(w, value) {
      const index = indexOf(all, value.kind);
      w.u32(first + index);
      codecs[index]!.write(w, value);
    },
    minSize: 4 + Math.min(...codecs.map(({ minSize }) => minSize)),
  };
}

function indexOf(all: readonly string[], name: string): number {
  const index = all.indexOf(name);
  if (index < 0) throw new MolochCodecError('bad-value', 0, `no kind ${name}`);
  return index;
}
