import { describe, expect, it } from 'vitest';
import { ed25519PublicKey, signEd25519 } from '../../crypto/ed25519.ts';
import type { Bls12381Job, Ed25519StrictJob } from '../../crypto/jobs.ts';
import { runJob } from '../../crypto/run-job.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { doubtfulPart, isLong, isResultOf, isShort } from './job-traits.ts';
import { VerifierPool } from './verifier-pool.ts';

const seed = new Uint8Array(32);
const message = Uint8Array.of(1);
const good = { publicKey: ed25519PublicKey(seed), message, signature: signEd25519(seed, message) };
const bad = { ...good, message: Uint8Array.of(2) };
const jobOf = (...signatures: Ed25519StrictJob['signatures']): Ed25519StrictJob => ({ kind: 'ed25519-strict', signatures });
const blsOf = (keys: number): Bls12381Job => ({ kind: 'bls12-381', keys: Array.from({ length: keys }, () => new Uint8Array(96)), message, signature: new Uint8Array(48) });

describe('jobs of certificates', () => {
  it('are short for the certificate of a live block, and long for many', () => {
    const many = jobOf(...Array.from({ length: 16 }, () => good));
    expect([jobOf(good), many, blsOf(3), blsOf(500)].map((job) => [isShort(job), isLong(job)])).toEqual([[true, false], [false, true], [true, false], [false, true]]);
  });

  it('an "invalid" must name a signature, and that one alone confirms it', () => {
    const job = jobOf(good, bad, good);
    const answer = (at?: number) => ({ valid: false, failure: 'signature', decoded: [], at });
    expect([answer(1), answer(0), answer(3), answer(), { valid: true, decoded: [] }].map((it) => isResultOf(job, it))).toEqual([true, true, false, false, true]);
    expect(doubtfulPart(job, 1)).toEqual(jobOf(bad));
    expect(doubtfulPart(blsOf(2), undefined)).toEqual(blsOf(2));
  });

  it('a worker that is right about the first invalid one is believed after the check, and one that is wrong is dropped', async () => {
    const pool = new VerifierPool({ clock: new ManualClock(), runJob });
    const closed: number[] = [];
    pool.lend({ verify: async () => ({ valid: false, failure: 'signature', decoded: [], at: 1 }), close: () => void closed.push(1) });
    expect(await pool.verify(jobOf(good, bad, good))).toEqual({ valid: false, failure: 'signature', decoded: [], at: 1 });
    expect(closed).toEqual([]);
    expect(await pool.verify(jobOf(good, good, bad))).toEqual({ valid: false, failure: 'signature', decoded: [], at: 2 });
    expect(closed).toEqual([1]);
    pool.close();
  });
});
