import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

const random = (value: number) => ({ next: () => value, bytes: (length: number) => new Uint8Array(length) });

describe('Backoff', () => {
  it('doubles the ceiling up to the cap', () => {
    const backoff = new Backoff(random(0.5), { base: 100, cap: 1000 });
    expect(Array.from({ length: 6 }, () => backoff.next())).toEqual([50, 100, 200, 400, 500, 500]);
    expect(backoff.failures).toBe(6);
  });

  it('starts again after a reset', () => {
    const backoff = new Backoff(random(0.5), { base: 100, cap: 1000 });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(50);
  });

  it('stays finite after very many failures', () => {
    const backoff = new Backoff(random(0.999), { base: 1, cap: 60_000 });
    for (let i = 0; i < 5000; i += 1) expect(backoff.next()).toBeLessThan(60_000);
  });

  it('uses the whole range from zero', () => {
    expect(new Backoff(random(0), { base: 100, cap: 1000 }).next()).toBe(0);
  });
});
