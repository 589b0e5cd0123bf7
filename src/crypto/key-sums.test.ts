import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curves } from '../../test/support/curve-backends.ts';
import { blsPublicKey } from './bls-signing.ts';
import type { Signer } from './signer.ts';
import { finish } from './finish.ts';
import { keySumsOf } from './key-sums.ts';
import { toLittleEndian } from './little-endian.ts';
import { R } from './mnt6/constants.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';
import { votingKeysOf } from './voting-key.ts';

/** Some of these secrets are opposite. */
const secrets = [5n, R - 5n, 7n, 11n, 13n, 17n, 19n];
const compressed = secrets.map((secret) => blsPublicKey(toLittleEndian(secret, 95)));

describe.each(curves)('sums of keys on $name', ({ curve }) => {
  const { g2, encoding, field } = curve;
  const votingKeys = votingKeysOf(curve);
  const keys = compressed.map((bytes) => finish(votingKeys.decodeSteps({ compressed: bytes }))!);
  const bytesOf = (scalar: bigint) => encoding.encode(g2.toAffine(finish(g2.multiplySteps(g2.generator, scalar % R))));
  const expected = (signers: readonly Signer<unknown>[]) => signers.reduce((sum, { key, weight }) => sum + secrets[keys.indexOf(key)]! * BigInt(weight), 0n);

  it('are right whatever was summed before', () => {
    const signer = fc.record({ i: fc.nat(secrets.length - 1), weight: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fc.array(fc.array(signer, { maxLength: 7 }), { minLength: 1, maxLength: 6 }), (lists) => {
        const keySumSteps = keySumsOf(curve);
        for (const list of lists) {
          const mark = field.mark();
          const signers = list.map(({ i, weight }) => ({ key: keys[i]!, weight }));
          expect(encoding.encode(finish(keySumSteps(signers)))).toEqual(bytesOf(expected(signers)));
          field.release(mark, []);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('cost less when almost the same keys were summed before', () => {
    const keySumSteps = keySumsOf(curve);
    const all = keys.slice(2).map((key) => ({ key, weight: 15 }));
    const steps = (signers: readonly Signer<unknown>[]) => {
      const run = keySumSteps(signers);
      for (let count = 0; ; count++) {
        const step = run.next();
        if (!step.done) continue;
        expect(encoding.encode(step.value)).toEqual(bytesOf(expected(signers)));
        return count;
      }
    };
    const whole = steps(all);
    expect(whole).toBe(5 * 4);
    expect(steps(all)).toBe(0);
    expect(steps(all.slice(1))).toBe(4);
    expect(steps(all.toReversed().slice(1))).toBe(4);
    // Different keys than before, so the cached sum is not used.
    expect(steps([{ key: keys[0]!, weight: 3 }])).toBe(2);
    expect(steps([...all.slice(3), { key: keys[0]!, weight: 3 }])).toBe(8);
  });
});

describe('interleaved sums of keys', () => {
  it('do not disturb each other', () => {
    const { g2, encoding } = bigintMnt6;
    const votingKeys = votingKeysOf(bigintMnt6);
    const keys = compressed.map((bytes) => finish(votingKeys.decodeSteps({ compressed: bytes }))!);
    const bytesOf = (scalar: bigint) => encoding.encode(g2.toAffine(finish(g2.multiplySteps(g2.generator, scalar))));
    const keySumSteps = keySumsOf(bigintMnt6);
    // 7, 11, 13, 17 and 19 by 15. Then without 7, while another computation replaces the cached sum.
    finish(keySumSteps(keys.slice(2).map((key) => ({ key, weight: 15 }))));
    const first = keySumSteps(keys.slice(3).map((key) => ({ key, weight: 15 })));
    first.next();
    const second = keySumSteps([{ key: keys[0]!, weight: 3 }]);
    expect(encoding.encode(finish(second))).toEqual(bytesOf(15n));
    expect(encoding.encode(finish(first))).toEqual(bytesOf(15n * (11n + 13n + 17n + 19n)));
  });
});
