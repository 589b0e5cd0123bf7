import { describe, expect, it } from 'vitest';
import { concatBytes } from '../base/bytes.ts';
import { finish } from './finish.ts';
import { hashChainSteps } from './hash-chains.ts';
import { sha512_256 } from './sha512-256.ts';

const start = new Uint8Array(32).fill(7);
const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);
const run = (chains: Parameters<typeof hashChainSteps>[0]['chains']) => finish(hashChainSteps({ kind: 'hash-chains', chains }));

describe('chains of SHA-512/256', () => {
  it('each link is hashed with the hash before it in its hole; the given bytes stay', () => {
    const before = bytes.slice();
    const first = sha512_256(concatBytes(bytes.subarray(0, 10), start, bytes.subarray(42)));
    const second = sha512_256(concatBytes(bytes.subarray(0, 68), first));
    expect(run([{ start, links: [{ bytes, hole: 10 }, { bytes, hole: 68 }] }, { start, links: [] }])).toEqual({ valid: true, decoded: [], roots: [second, start] });
    expect(bytes).toEqual(before);
  });

  it('a hole that does not fit, another start, and too much of either are invalid', () => {
    for (const hole of [-1, 69, 1.5, NaN]) expect(run([{ start, links: [{ bytes, hole }] }]).valid).toBe(false);
    expect(run([{ start: new Uint8Array(31), links: [{ bytes, hole: 0 }] }]).valid).toBe(false);
    expect(run(Array.from({ length: 129 }, () => ({ start, links: [] }))).valid).toBe(false);
    expect(run([{ start, links: [{ bytes: new Uint8Array(16 * 1024 * 1024 + 1), hole: 0 }] }]).valid).toBe(false);
  });
});
