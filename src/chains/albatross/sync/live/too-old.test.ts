import { describe, expect, it } from 'vitest';
import { TooOld } from './too-old.ts';

describe('TooOld', () => {
  it('needs several peers of distinct subnets', () => {
    const tooOld = new TooOld(3);
    tooOld.seen('a', 'x', 328);
    tooOld.seen('b', 'x', 328);
    tooOld.seen('c', 'y', 456);
    expect(tooOld.height).toBeUndefined();
    tooOld.seen('d', 'z', 584);
    expect(tooOld.height).toBe(328);
    tooOld.forget('d');
    expect(tooOld.height).toBeUndefined();
  });

  it('is refuted by a chain that continues', () => {
    const tooOld = new TooOld(1);
    tooOld.seen('a', 'x', 328);
    tooOld.reached(327);
    expect(tooOld.height).toBe(328);
    tooOld.reached(328);
    expect(tooOld.height).toBeUndefined();
  });

  it('stays bounded', () => {
    const tooOld = new TooOld(64);
    for (let i = 0; i < 1000; i += 1) tooOld.seen(`${i}`, `${i}`, i);
    expect(tooOld.height).toBe(936);
  });
});
