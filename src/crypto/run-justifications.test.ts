import { hexToBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usualCurves } from '../../test/support/curve-backends.ts';
import vectors from '../../test/vectors/bls.json' with { type: 'json' };
import { blake2s } from './blake2s.ts';
import { aggregateSignatures, blsSignWeighted } from './bls.ts';
import { blsPublicKey, blsSign } from './bls-signing.ts';
import { finish } from './finish.ts';
import type { JobResult, JustificationsJob, VerificationJob } from './jobs.ts';
import { toLittleEndian } from './little-endian.ts';
import { R } from './mnt6/constants.ts';
import { encodeG1 } from './mnt6/encoding.ts';
import type { BlsVerifier } from './bls-verifier.ts';
import { createJobRunner } from './run-job.ts';
import { runJustifications } from './run-justifications.ts';

type Item = JustificationsJob['items'][number];

const secrets = [2n, 3n, 5n, 7n, 11n, R - 11n].map((secret) => toLittleEndian(secret, 95));
const outside = vectors.decompress_reject.find(({ why }) => why === 'G2 generator plus a point of order 2')!;
const infinity = new Uint8Array(285);
infinity[284] = 0x40;
/** Six keys, two of which cancel out (4 and 5), then one outside the subgroup and infinity. */
const keys = [...secrets.map((secret) => ({ compressed: blsPublicKey(secret) })), { compressed: hexToBytes(outside.hex) }, { compressed: infinity }];

const hashOf = (text: string) => blake2s(new TextEncoder().encode(text));

function sign(sigHash: Uint8Array, signers: Item['signers']): Item {
  const parts = signers.map(({ key, weight }) => blsSignWeighted(secrets[key]!, sigHash, weight));
  return { sigHash, signature: aggregateSignatures(parts)!, signers };
}

const someSigners = [
  [{ key: 0, weight: 5 }, { key: 1, weight: 1 }],
  [{ key: 2, weight: 300 }, { key: 0, weight: 4 }, { key: 1, weight: 8 }],
  [{ key: 3, weight: 7 }],
  // One key twice, and a pair that cancels out.
  [{ key: 3, weight: 2 }, { key: 3, weight: 3 }, { key: 4, weight: 1 }, { key: 5, weight: 1 }],
];
const good = Array.from({ length: 8 }, (_, i) => sign(hashOf(`good ${i}`), someSigners[i % someSigners.length]!));

/** Each function makes one item bad in its own way. */
const spoil: Record<string, (item: Item) => Item> = {
  'another message': (item) => ({ ...item, sigHash: blake2s(item.sigHash) }),
  'a message hash too long': (item) => ({ ...item, sigHash: new Uint8Array(33) }),
  'another signature': (item) => ({ ...item, signature: blsSign(secrets[0]!, hashOf('other')) }),
  'the negative signature': (item) => ({ ...item, signature: item.signature.map((byte, i) => (i === 94 ? byte ^ 0x80 : byte)) }),
  'a signature off the curve': (item) => ({ ...item, signature: hexToBytes(vectors.decompress_reject.find(({ type }) => type === 'g1')!.hex) }),
  'a signature too short': (item) => ({ ...item, signature: item.signature.subarray(1) }),
  'a signature that is infinity': (item) => ({ ...item, signature: encodeG1('infinity') }),
  'keys that cancel out': (item) => ({ ...item, signers: [{ key: 4, weight: 9 }, { key: 5, weight: 9 }] }),
  'keys that cancel out, and infinity': (item) => ({ ...item, signature: encodeG1('infinity'), signers: [{ key: 4, weight: 9 }, { key: 5, weight: 9 }] }),
  'no signers': (item) => ({ ...item, signers: [] }),
  'no signers, and infinity': (item) => ({ ...item, signature: encodeG1('infinity'), signers: [] }),
  'a signer more': (item) => ({ ...item, signers: [...item.signers, { key: 0, weight: 1 }] }),
  'another weight': (item) => ({ ...item, signers: item.signers.map(({ key, weight }) => ({ key, weight: weight + 1 })) }),
  'weight zero': (item) => ({ ...item, signers: [...item.signers, { key: 0, weight: 0 }] }),
  'half a weight': (item) => ({ ...item, signers: [...item.signers, { key: 0, weight: 0.5 }] }),
  'a key outside the subgroup': (item) => ({ ...item, signers: [...item.signers, { key: 6, weight: 2 }] }),
  'a key that is infinity': (item) => ({ ...item, signers: [...item.signers, { key: 7, weight: 1 }] }),
  'both a bad key and a bad signature': (item) => ({ ...item, signature: new Uint8Array(95).fill(0xff), signers: [{ key: 7, weight: 1 }] }),
};

describe.each(usualCurves)('justifications on $name', ({ curve }) => {
  const runJob = createJobRunner(curve);
  const run = (job: VerificationJob): JobResult => finish(runJob(job));
  const batch = (items: readonly Item[]) => run({ kind: 'justifications', keys, items });

  /** The results of a separate job per item, up to the first failure. */
  function oneByOne(items: readonly Item[]): { valid: boolean; at?: number; failure?: string } {
    for (const [at, { signers, ...item }] of items.entries()) {
      const result = run({ kind: 'multi-signature', ...item, signers: signers.map(({ key, weight }) => ({ ...keys[key]!, weight })) });
      if (!result.valid) return { valid: false, at, failure: result.failure };
    }
    return { valid: true };
  }

  it('are valid together', () => {
    expect(batch(good).valid).toBe(true);
    expect(batch(good.slice(0, 1)).valid).toBe(true);
    expect(batch([]).valid).toBe(true);
    expect(batch([good[0]!, good[0]!, good[0]!]).valid).toBe(true);
  });

  it.each(Object.entries(spoil))('are invalid as they are one by one: %s', (_, change) => {
    const items = good.slice(0, 3).map((item, i) => (i === 1 ? change(item) : item));
    const expected = oneByOne(items);
    expect(expected).toMatchObject({ valid: false, at: 1 });
    expect(batch(items)).toMatchObject(expected);
  });

  it('have the same results as one by one, in any mixture', () => {
    const item = fc.record({ i: fc.nat(good.length - 1), change: fc.option(fc.constantFrom(...Object.values(spoil)), { freq: 6 }) });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 9 }), (choices) => {
        const items = choices.map(({ i, change }) => (change ? change(good[i]!) : good[i]!));
        expect(batch(items)).toMatchObject(oneByOne(items));
      }),
      { numRuns: 6 },
    );
  });

  it('are not valid if their errors cancel out', () => {
    // Each signature is wrong, but their sum is right.
    const [a, b] = [good[0]!, good[4]!];
    expect(a.signers).toEqual(b.signers);
    const swapped = [{ ...a, signature: b.signature }, { ...b, signature: a.signature }];
    expect(batch(swapped)).toMatchObject({ valid: false, failure: 'multi-signature', at: 0 });
    expect(batch([good[1]!, ...swapped])).toMatchObject({ valid: false, at: 1 });
    // With known multipliers this would pass; that is why they are random.
    const known = createJobRunner(curve, { random: (length) => new Uint8Array(length).fill(3) });
    expect(finish(known({ kind: 'justifications', keys, items: swapped })).valid).toBe(true);
  });

  it('use a new multiplier of 8 bytes for each item, each time', () => {
    const lengths: number[] = [];
    const counting = createJobRunner(curve, {
      random: (length) => {
        lengths.push(length);
        return crypto.getRandomValues(new Uint8Array(length));
      },
    });
    expect(finish(counting({ kind: 'justifications', keys, items: good.slice(0, 3) })).valid).toBe(true);
    expect(lengths).toEqual([8, 8, 8]);
    finish(counting({ kind: 'justifications', keys, items: good.slice(0, 3) }));
    expect(lengths.length).toBe(6);
    // Even all-zero or all-one bytes do not affect valid items.
    for (const byte of [0, 255]) {
      const odd = createJobRunner(curve, { random: (length) => new Uint8Array(length).fill(byte) });
      expect(finish(odd({ kind: 'justifications', keys, items: good.slice(0, 3) })).valid).toBe(true);
    }
  });

  it('find the first of several bad ones', () => {
    const bad = spoil['another message']!;
    const at = (...places: number[]) => batch(good.map((item, i) => (places.includes(i) ? bad(item) : item)));
    for (const [places, first] of [[[0], 0], [[7], 7], [[3, 5], 3], [[6, 7], 6], [[0, 1, 2, 3, 4, 5, 6, 7], 0]] as const) {
      expect(at(...places)).toMatchObject({ valid: false, failure: 'multi-signature', at: first });
    }
  });

  it('choose the cheaper way', () => {
    const steps = (items: readonly Item[]) => {
      const prepared: unknown[] = [];
      const counting = { ...curve, pairing: { ...curve.pairing, prepareSteps: (q: never) => (prepared.push(q), curve.pairing.prepareSteps(q)) } };
      expect(finish(createJobRunner(counting)({ kind: 'justifications', keys, items })).valid).toBe(true);
      return prepared.length;
    };
    // Lines are prepared for the negated generator, and for four keys instead of eight sums, or for one sum instead of its three
    // keys.
    const fourKeys = good.filter(({ signers }) => signers.every(({ key }) => key < 4));
    expect(fourKeys.length).toBe(6);
    expect(steps(fourKeys)).toBe(1 + 4);
    expect(steps([good[1]!])).toBe(1 + 1);
  });

  it('return the decoded keys, each once, and accept them as input', () => {
    const fresh = [101n, 102n].map((secret) => toLittleEndian(secret, 95));
    const freshKeys = fresh.map((secret) => ({ compressed: blsPublicKey(secret) }));
    const items = ['x', 'y'].map((text) => ({
      sigHash: hashOf(text),
      signature: aggregateSignatures(fresh.map((secret) => blsSign(secret, hashOf(text))))!,
      signers: [{ key: 0, weight: 1 }, { key: 1, weight: 1 }],
    }));
    const result = run({ kind: 'justifications', keys: [...freshKeys, { compressed: infinity }], items });
    expect(result.valid).toBe(true);
    expect(result.decoded.map(({ compressed }) => compressed)).toEqual(freshKeys.map(({ compressed }) => compressed));
    const given = freshKeys.map((key, i) => ({ ...key, decoded: result.decoded[i]!.point }));
    expect(run({ kind: 'justifications', keys: given, items })).toEqual({ valid: true, decoded: [] });
    // A false decoded point is not used.
    const lies = [{ ...given[0]!, decoded: given[1]!.decoded }, given[1]!];
    expect(run({ kind: 'justifications', keys: lies, items })).toMatchObject({ valid: true, decoded: [{ compressed: given[0]!.compressed }] });
  });

  it('refuse a job that is too large, or names a missing key', () => {
    const many = Array.from({ length: 1025 }, () => good[0]!);
    expect(batch(many)).toMatchObject({ valid: false, failure: 'multi-signature', at: 0 });
    const manyKeys = Array.from({ length: 2049 }, () => keys[0]!);
    expect(run({ kind: 'justifications', keys: manyKeys, items: good.slice(0, 1) })).toMatchObject({ valid: false, at: 0 });
    for (const key of [8, -1, 0.5, Number.NaN]) {
      expect(batch([good[0]!, { ...good[1]!, signers: [{ key, weight: 1 }] }])).toEqual({ valid: false, failure: 'multi-signature', at: 1, decoded: expect.any(Array) });
    }
    const crowd = { ...good[0]!, signers: Array.from({ length: 513 }, () => ({ key: 0, weight: 1 })) };
    expect(batch([good[0]!, crowd])).toMatchObject({ valid: false, failure: 'multi-signature', at: 1 });
  });

  it('run in slices', () => {
    let slices = 0;
    const run = runJob({ kind: 'justifications', keys, items: good });
    for (let step = run.next(); ; step = run.next()) {
      slices++;
      if (!step.done) continue;
      expect(step.value.valid).toBe(true);
      break;
    }
    expect(slices).toBeGreaterThan(2000);
    // A job may also be dropped at any slice.
    const dropped = runJob({ kind: 'justifications', keys, items: good });
    for (let i = 0; i < 700; i++) dropped.next();
    dropped.return(undefined as never);
    expect(batch(good).valid).toBe(true);
  });
});

describe('justifications with new keys in each item', () => {
  /** Accepts every key, and calls item `bad` invalid. */
  function fakeVerifier(bad: number | undefined) {
    const decoded: number[] = [];
    const batches: number[] = [];
    const verifier: BlsVerifier<unknown> = {
      keys: {
        *decodeSteps({ compressed }) {
          yield;
          decoded.push(compressed[0]! + 256 * compressed[1]!);
          return { name: '', point: undefined as never, decoded: undefined };
        },
        has: () => false,
      },
      verifyWeightedSteps: () => {
        throw new Error('not asked');
      },
      *firstInvalidSteps(items) {
        yield;
        const before = batches.reduce((sum, length) => sum + length, 0);
        batches.push(items.length);
        return bad !== undefined && bad >= before && bad < before + items.length ? bad - before : undefined;
      },
    };
    return { verifier, decoded, batches };
  }

  /** 40 keys per item, each used once. */
  const newKeys = Array.from({ length: 400 }, (_, i) => ({ compressed: Uint8Array.of(i % 256, i >> 8) }));
  const items = Array.from({ length: 10 }, (_, i) => ({ ...good[0]!, signers: Array.from({ length: 40 }, (_, k) => ({ key: 40 * i + k, weight: 1 })) }));

  it('are verified before many more keys are decoded', () => {
    const { verifier, decoded, batches } = fakeVerifier(undefined);
    expect(finish(runJustifications(verifier, { kind: 'justifications', keys: newKeys, items }))).toEqual({ valid: true, decoded: [] });
    expect(batches).toEqual([4, 4, 2]);
    expect(decoded.length).toBe(400);
    const forged = fakeVerifier(5);
    expect(finish(runJustifications(forged.verifier, { kind: 'justifications', keys: newKeys, items }))).toMatchObject({ valid: false, at: 5 });
    expect(forged.decoded.length).toBe(320);
  });

  it('are one batch if the keys came decoded', () => {
    const { verifier, batches } = fakeVerifier(undefined);
    const given = newKeys.map((key) => ({ ...key, decoded: new Uint8Array(570) }));
    finish(runJustifications(verifier, { kind: 'justifications', keys: given, items }));
    expect(batches).toEqual([10]);
  });
});
