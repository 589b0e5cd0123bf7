import { describe, expect, it } from 'vitest';
import { blake2s } from '../blake2s.ts';
import { aggregateSignatures, blsSignWeighted } from '../bls.ts';
import { blsPublicKey } from '../bls-signing.ts';
import { finish } from '../finish.ts';
import type { VerificationJob } from '../jobs.ts';
import { toLittleEndian } from '../little-endian.ts';
import { runJobNow } from '../run-job.ts';
import { chooseRunner } from './choose-runner.ts';

const sigHash = blake2s(Uint8Array.of(7));
const secrets = [31n, 37n].map((secret) => toLittleEndian(secret, 95));
const signers = secrets.map((secret, i) => ({ compressed: blsPublicKey(secret), weight: i + 3 }));
const signature = aggregateSignatures(secrets.map((secret, i) => blsSignWeighted(secret, sigHash, i + 3)))!;
const good: VerificationJob = { kind: 'multi-signature', sigHash, signature, signers };

const jobs: readonly VerificationJob[] = [
  good,
  { ...good, signers: signers.toReversed().map(({ compressed }, i) => ({ compressed, weight: i + 3 })) },
  { ...good, signers: [{ compressed: new Uint8Array(285).fill(5), weight: 1 }] },
  { kind: 'keys', keys: signers.map(({ compressed }) => compressed) },
  { kind: 'key-roots', lists: [signers.map(({ compressed }) => ({ compressed, slots: 256 }))] },
];

describe('the fastest runner', () => {
  it('gives the same results as the one on BigInt, repeatedly', () => {
    const { backEnd, refused, runJob } = chooseRunner();
    expect([backEnd, refused]).toEqual(['wasm', undefined]);
    const expected = jobs.map(runJobNow);
    expect(expected.map(({ valid }) => valid)).toEqual([true, false, false, true, true]);
    for (let round = 0; round < 2; round++) expect(jobs.map((job) => finish(runJob(job)).valid)).toEqual(expected.map(({ valid }) => valid));
    const roots = finish(runJob(jobs[4]!));
    expect(roots).toEqual(expected[4]);
    // Dropped halfway, it leaves no state that affects the next job.
    const dropped = runJob(good);
    for (let i = 0; i < 20; i++) dropped.next();
    dropped.return(roots);
    expect(finish(runJob(good)).valid).toBe(true);
  });

  it('is the one on BigInt where the module does not run', () => {
    const { backEnd, refused, runJob } = chooseRunner({ validate: () => false, Module: WebAssembly.Module, Instance: WebAssembly.Instance });
    expect([backEnd, refused]).toEqual(['bigint', 'no-relaxed-simd']);
    expect(finish(runJob(good)).valid).toBe(true);
  });
});
