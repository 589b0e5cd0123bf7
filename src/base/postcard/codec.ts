// Tests: `src/base/postcard/postcard.test.ts`, `src/chains/albatross/wire/codecs.test.ts`.
import { DecodeError, EncodeError } from './errors.ts';
import { Reader } from './reader.ts';
import type { EncodingForm } from './reader.ts';
import { Writer } from './writer.ts';

export { DecodeError } from './errors.ts';

/** How values of one type are written in postcard. `read` throws only `DecodeError`, `write` only `EncodeError`. */
export interface Codec<T> {
  read(r: Reader): T;
  write(w: Writer, value: T): void;
  /** The fewest bytes a value takes (0 by default). A list that claims more items than the input can hold is refused before it is read. */
  readonly minSize?: number | undefined;
}

/**
 * Decodes `bytes`, in the one canonical form unless another is named. Bytes after the value are `trailing-bytes`, unless `allowTrailing`.
 * Throws `DecodeError`.
 */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array, options?: { readonly allowTrailing?: boolean | undefined; readonly form?: EncodingForm | undefined }): T {
  const r = new Reader(bytes, options?.form);
  const value = codec.read(r);
  if (r.remaining > 0 && options?.allowTrailing !== true) throw new DecodeError('trailing-bytes', r.offset, `${r.remaining} bytes left over`);
  return value;
}

/** The one encoding of `value`. Throws `EncodeError`. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const w = new Writer();
  codec.write(w, value);
  return w.finish();
}

function varintCodec(max: number): Codec<number> {
  return { read: (r) => r.varint(max), write: (w, value) => w.varint(value, max), minSize: 1 };
}

/** One raw byte. */
export const u8: Codec<number> = { read: (r) => r.u8(), write: (w, value) => w.u8(value), minSize: 1 };
/** Varint of 1 to 3 bytes. */
export const u16 = varintCodec(0xffff);
/** Varint of 1 to 5 bytes. */
export const u32 = varintCodec(0xffff_ffff);
/** Varint of a u64 kept as a number; above 2^53 - 1 is `number-too-large`. */
export const u64 = varintCodec(Number.MAX_SAFE_INTEGER);
/** Varint of a whole u64. */
export const u64big: Codec<bigint> = { read: (r) => r.varintBig(), write: (w, value) => w.varintBig(value), minSize: 1 };
/** 4 bytes, big-endian: here Nimiq does not use postcard's varints (Albatross network reference, section 6). */
export const u32be: Codec<number> = { read: (r) => r.bigEndian(4), write: (w, value) => w.bigEndian(value, 4, 0xffff_ffff), minSize: 4 };
/** An amount of Luna: 8 bytes, big-endian, at most 2^53 - 1. */
export const coin: Codec<number> = { read: (r) => r.bigEndian(8), write: (w, value) => w.bigEndian(value, 8, Number.MAX_SAFE_INTEGER), minSize: 8 };
/** One byte, 0 or 1. */
export const bool: Codec<boolean> = { read: (r) => r.flag('invalid-bool'), write: (w, value) => w.u8(value ? 1 : 0), minSize: 1 };
/** 32 raw bytes as 64 lower-case hex digits. */
export const hash32: Codec<string> = { read: (r) => r.hex(32), write: (w, value) => w.hex(value, 32), minSize: 32 };

/** Varint length, then that many bytes, at most `max`. */
export function bytes(max: number): Codec<Uint8Array> {
  return {
    read: (r) => r.fixed(r.length(max, 1)),
    write: (w, value) => {
      w.lengthOf(value.length, max);
      w.raw(value);
    },
    minSize: 1,
  };
}

/** Exactly `length` raw bytes, without a length. */
export function fixed(length: number): Codec<Uint8Array> {
  return { read: (r) => r.fixed(length), write: (w, value) => w.fixed(value, length), minSize: length };
}

/** Takes no bytes and is always `value`: the `type` of a variant, or a unit. */
export function constant<const T>(value: T): Codec<T> {
  return { read: () => value, write: () => {}, minSize: 0 };
}

/** `00`, or `01` and the value. */
export function option<T>(codec: Codec<T>): Codec<T | undefined> {
  return {
    read: (r) => (r.flag('invalid-option') ? codec.read(r) : undefined),
    write: (w, value) => {
      w.u8(value === undefined ? 0 : 1);
      if (value !== undefined) codec.write(w, value);
    },
    minSize: 1,
  };
}

/** Varint count, then the items, at most `max`. */
export function vec<T>(codec: Codec<T>, max: number): Codec<readonly T[]> {
  const itemSize = codec.minSize ?? 0;
  return {
    read: (r) => {
      const count = r.length(max, itemSize);
      const items: T[] = [];
      for (let i = 0; i < count; i += 1) items.push(codec.read(r));
      return items;
    },
    write: (w, items) => {
      w.lengthOf(items.length, max);
      for (const item of items) codec.write(w, item);
    },
    minSize: 1,
  };
}

/** The fields one after another. The wire order is the order in which they are listed here. */
export function struct<T extends object>(fields: { readonly [K in keyof T]-?: Codec<T[K]> }): Codec<T> {
  const names = Object.keys(fields) as (keyof T)[];
  const codecs = names.map((name) => fields[name]);
  return {
    read: (r) => {
      const value: Partial<T> = {};
      for (let i = 0; i < names.length; i += 1) value[names[i]!] = codecs[i]!.read(r);
      return value as T;
    },
    write: (w, value) => {
      for (let i = 0; i < names.length; i += 1) codecs[i]!.write(w, value[names[i]!]);
    },
    minSize: codecs.reduce((sum, codec) => sum + (codec.minSize ?? 0), 0),
  };
}

/** Varint index of the variant, then the variant, whose own codec sets the `type`. The order here is the order of the indices. */
export function union<T extends { readonly type: string }>(variants: { readonly [K in T['type']]: Codec<Extract<T, { readonly type: K }>> }): Codec<T> {
  const names = Object.keys(variants) as T['type'][];
  const codecs = names.map((name) => variants[name] as unknown as Codec<T>);
  const tag = variantTag(names);
  return {
    read: (r) => codecs[tag.read(r)]!.read(r),
    write: (w, value) => {
      const index = names.indexOf(value.type);
      tag.write(w, index);
      codecs[index]!.write(w, value);
    },
    minSize: 1 + Math.min(...codecs.map((codec) => codec.minSize ?? 0)),
  };
}

/** An enum without payloads: the names in the order of their indices. */
export function names<const N extends readonly string[]>(list: N): Codec<N[number]> {
  const tag = variantTag(list);
  return { read: (r) => list[tag.read(r)]!, write: (w, value) => tag.write(w, list.indexOf(value)), minSize: 1 };
}

/** The index of a variant. */
function variantTag(list: readonly string[]): Codec<number> {
  return {
    read: (r) => {
      const start = r.offset;
      const index = r.varint(0xffff_ffff);
      if (index >= list.length) throw new DecodeError('unknown-variant', start, `index ${index} of ${list.join(', ')}`);
      return index;
    },
    write: (w, index) => {
      if (index < 0) throw new EncodeError('unknown-variant', `none of ${list.join(', ')}`);
      w.varint(index, list.length - 1);
    },
  };
}

/**
 * An error enum: the names in the order of their indices, the last one the catch-all. An unknown index reads as the last name
 * (newer nodes have more variants: Albatross network reference, 3.5), and an unknown name is written as the last index.
 * A payload of an unknown variant stays behind as trailing bytes.
 */
export function errorNames(list: readonly string[]): Codec<string> {
  const last = list.length - 1;
  return {
    read: (r) => list[Math.min(r.varint(0xffff_ffff), last)]!,
    write: (w, value) => w.varint(list.includes(value) ? list.indexOf(value) : last, last),
    minSize: 1,
  };
}

/** A `Result`: the value, or the error, which is mostly just a name. */
export type Answer<T, E = string> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** `00` and the value, or `01` and the error. */
export function result<T, E = string>(value: Codec<T>, error: Codec<E>): Codec<Answer<T, E>> {
  return {
    read: (r) => {
      const start = r.offset;
      const index = r.varint(0xffff_ffff);
      if (index > 1) throw new DecodeError('unknown-variant', start, `index ${index} of Ok, Err`);
      return index === 0 ? { ok: true, value: value.read(r) } : { ok: false, error: error.read(r) };
    },
    write: (w, answer) => {
      w.u8(answer.ok ? 0 : 1);
      if (answer.ok) value.write(w, answer.value);
      else error.write(w, answer.error);
    },
    minSize: 1,
  };
}
