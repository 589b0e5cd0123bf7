import { MAX_MESSAGE } from './protocol.ts';

/** Levels of lists and objects. */
const MAX_DEPTH = 16;
/** Bytes that a value costs beside its text. */
const PER_VALUE = 8;
/** Names that reach the prototype of what they are assigned to. */
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export type Plain = null | boolean | number | string | undefined | readonly Plain[] | { readonly [name: string]: Plain };

/**
 * A copy of a value from outside, if it is plain data: texts, finite numbers, truth values, lists, and objects without special names. The
 * objects of the copy have no prototype. `undefined` for anything else: functions, dates, bytes, what is nested deeper than 16 levels
 * (so what contains itself, too), and what is larger than a message may be. No getter is called.
 */
export function plainCopy(value: unknown): { readonly value: Plain } | undefined {
  let left = MAX_MESSAGE;
  const spend = (bytes: number) => {
    left -= bytes;
    if (left < 0) throw notPlain;
  };
  const copy = (part: unknown, depth: number): Plain => {
    spend(PER_VALUE);
    if (part === null || part === undefined || typeof part === 'boolean') return part;
    if (typeof part === 'number' && Number.isFinite(part)) return part;
    if (typeof part === 'string') {
      spend(2 * part.length);
      return part;
    }
    if (typeof part !== 'object' || depth > MAX_DEPTH) throw notPlain;
    if (Array.isArray(part)) {
      spend(PER_VALUE * part.length);
      return Array.from({ length: part.length }, (_, at) => copy(own(part, at), depth + 1));
    }
    const prototype: unknown = Object.getPrototypeOf(part);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw notPlain;
    if (Object.prototype.toString.call(part) !== '[object Object]') throw notPlain;
    const fields = Object.create(null) as Record<string, Plain>;
    for (const name of Object.keys(part)) {
      if (forbidden.has(name)) throw notPlain;
      spend(2 * name.length);
      fields[name] = copy(own(part, name), depth + 1);
    }
    return fields;
  };
  try {
    return { value: copy(value, 0) };
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

const notPlain = new Error('not plain data');

function own(object: object, name: string | number): unknown {
  const field = Object.getOwnPropertyDescriptor(object, name);
  if (field && !('value' in field)) throw notPlain;
  return field?.value;
}

/** An object from outside as its fields; `undefined` if it is no plain object. */
export function fieldsOf(value: unknown): { readonly [name: string]: Plain } | undefined {
  const copy = plainCopy(value)?.value;
  return typeof copy === 'object' && copy !== null && !Array.isArray(copy) ? (copy as { readonly [name: string]: Plain }) : undefined;
}
