import { bls12_381 } from '@noble/curves/bls12-381.js';
import { describe, expect, it } from 'vitest';
import { vectors } from '../../test/support/hotstuff2/vectors.ts';
import { verifyHere } from '../../test/support/verify-here.ts';
import { fromHex } from '../base/bytes.ts';
import { ed25519PublicKey, type Ed25519Subtle, signEd25519 } from './ed25519.ts';
import { finish } from './finish.ts';
import { runJobNow } from './run-job.ts';
import { stepsOfSignatures } from './run-signatures.ts';
import type { Bls12381Job, Ed25519StrictJob } from './jobs.ts';

const signed = (count: number): Ed25519StrictJob => ({
  kind: 'ed25519-strict',
  signatures: Array.from({ length: count }, (_, i) => {
    const seed = new Uint8Array(32).fill(i % 5);
    const message = Uint8Array.of(i % 5, 1);
    return { publicKey: ed25519PublicKey(seed), message, signature: signEd25519(seed, message) };
  }),
});
const broken = (job: Ed25519StrictJob, ...at: readonly number[]): Ed25519StrictJob => ({ ...job, signatures: job.signatures.map((it, i) => (at.includes(i) ? { ...it, message: new Uint8Array(1) } : it)) });

describe('the job ed25519-strict', () => {
  const job = signed(6);

  it.each([undefined, globalThis.crypto.subtle])('names the first invalid signature, with WebCrypto or without', async (subtle) => {
    const run = async (it: Ed25519StrictJob) => finish(await stepsOfSignatures(it, subtle));
    expect(await run(job)).toEqual({ valid: true, decoded: [] });
    expect(await run({ kind: 'ed25519-strict', signatures: [] })).toEqual({ valid: true, decoded: [] });
    for (const at of [0, 3, 5]) expect(await run(broken(job, at, 5))).toMatchObject({ valid: false, failure: 'signature', at });
  });

  it('names it in jobs of more parts than one too', async () => {
    const many = { ...job, signatures: Array.from({ length: 150 }, (_, i) => job.signatures[i % 6]!) };
    expect(await verifyHere(many)).toMatchObject({ valid: true });
    expect(await verifyHere(broken(many, 70, 149))).toMatchObject({ valid: false, at: 70 });
  });

  it('checks again what WebCrypto refuses, and then everything that WebCrypto was not asked', async () => {
    const real = globalThis.crypto.subtle;
    let asked = 0;
    const refusing = {
      importKey: real.importKey.bind(real),
      verify: async (name: string, key: CryptoKey, signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>) => (asked++, message[0] !== 9 && real.verify(name, key, signature, message)),
    } as unknown as Ed25519Subtle;
    const seed = new Uint8Array(32);
    const refused = { publicKey: ed25519PublicKey(seed), message: Uint8Array.of(9), signature: signEd25519(seed, Uint8Array.of(9)) };
    const many = { ...job, signatures: Array.from({ length: 150 }, (_, i) => (i === 3 ? refused : job.signatures[i % 6]!)) };
    const run = async (it: Ed25519StrictJob) => finish(await stepsOfSignatures(it, refusing));
    expect(await run(many)).toEqual({ valid: true, decoded: [] });
    // Three signatures that show whether this WebCrypto is strict, and the first part of the job.
    expect(asked).toBe(3 + 64);
    for (const at of [2, 3, 10, 63, 64, 149]) expect(await run(broken(many, at))).toMatchObject({ valid: false, at });
  });

  it('refuses a job above its bound, and is not run by a runner of other jobs', async () => {
    expect(await verifyHere({ ...job, signatures: Array.from({ length: 4097 }, () => job.signatures[0]!) })).toMatchObject({ valid: false, at: 0 });
    expect(runJobNow(job).valid).toBe(false);
  });
});

describe('the job bls12-381', () => {
  const keys = vectors.bls.validators.map(fromHex);
  const jobs: readonly Bls12381Job[] = vectors.bls.qcs.map(({ signers, message, aggregate }) => ({ kind: 'bls12-381', keys: signers.map((i) => keys[i]!), message: fromHex(message), signature: fromHex(aggregate) }));
  const [job] = jobs;

  it('accepts the aggregates of the vectors, and the votes they are made of', async () => {
    for (const it of jobs) expect((await verifyHere(it)).valid).toBe(true);
    for (const { index, signature, digest } of vectors.bls.qcs[0]!.votes) expect((await verifyHere({ kind: 'bls12-381', keys: [keys[index]!], message: fromHex(digest), signature: fromHex(signature) })).valid).toBe(true);
  });

  it('refuses other keys, another message, points at infinity, points outside the subgroup, and other lengths', async () => {
    const { G1, G2 } = bls12_381;
    const infinity1 = G1.Point.ZERO.toBytes(true);
    const infinity2 = G2.Point.ZERO.toBytes(true);
    const outside = fromHex('800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000004');
    const negated = G2.Point.fromBytes(keys[0]!).negate().toBytes(true);
    const bad: readonly Partial<Bls12381Job>[] = [
      { keys: job!.keys.slice(1) }, { keys: [] }, { message: new Uint8Array(36) }, { signature: infinity1 }, { signature: outside }, { signature: new Uint8Array(48) },
      { keys: [keys[0]!, negated], signature: infinity1 }, { keys: [keys[0]!, negated] }, { keys: [infinity2] }, { keys: [new Uint8Array(95)] }, { signature: job!.signature.slice(1) },
    ];
    for (const it of bad) expect((await verifyHere({ ...job!, ...it })).valid).toBe(false);
    expect(runJobNow(job!).valid).toBe(false);
  });
});
