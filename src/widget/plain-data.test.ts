import { describe, expect, it } from 'vitest';
import { fieldsOf, plainCopy } from './plain-data.ts';

describe('plain data', () => {
  it('copies texts, numbers, truth values, lists and objects', () => {
    const value = { a: [1, 'two', null, true, undefined], b: { c: -0.5 } };
    const copy = plainCopy(value)!.value as unknown as typeof value;
    expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(copy)).toBe(null);
  });

  it('refuses what is no plain data', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    class Own { readonly a = 1; }
    for (const value of [cyclic, () => 1, Symbol('s'), 1n, Number.NaN, Infinity, new Date(), new Map(), new Uint8Array(3), new Own(), new Error('e'), /x/u, [[() => 1]]]) expect(plainCopy(value)).toBe(undefined);
  });

  it('refuses names that reach a prototype, and changes none', () => {
    const params = JSON.parse('{"__proto__": {"polluted": true}}') as unknown;
    expect(plainCopy(params)).toBe(undefined);
    expect(plainCopy({ a: { constructor: 1 } })).toBe(undefined);
    expect(({} as { polluted?: boolean }).polluted).toBe(undefined);
    // A structured clone of an object with such a field of its own has it too.
    expect(plainCopy(structuredClone(params))).toBe(undefined);
  });

  it('calls no getter', () => {
    let called = false;
    expect(plainCopy({ get a() { called = true; return 1; } })).toBe(undefined);
    expect(called).toBe(false);
  });

  it('refuses what is larger than a message may be, and long lists without reading them', () => {
    expect(plainCopy('x'.repeat(32_000))).toBeDefined();
    expect(plainCopy('x'.repeat(33_000))).toBe(undefined);
    expect(plainCopy(Array.from({ length: 9_000 }))).toBe(undefined);
    const sparse: unknown[] = [];
    sparse.length = 4_000_000_000;
    expect(plainCopy(sparse)).toBe(undefined);
  });

  it('gives the fields of objects only', () => {
    expect(fieldsOf({ a: 1 })?.['a']).toBe(1);
    for (const value of [null, undefined, 1, 'text', [1]]) expect(fieldsOf(value)).toBe(undefined);
  });
});
