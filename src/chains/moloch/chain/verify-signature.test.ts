import { afterEach, expect, it, vi } from 'vitest';
import { fromHex } from '../../../base/bytes.ts';
import type { VerificationJob } from '../../../crypto/jobs.ts';
import { ed25519PublicKey, signEd25519 } from '../../../crypto/ed25519.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { verifySignature, verifySignatureBy } from './verify-signature.ts';

const seed = new Uint8Array(32).fill(7);
const key = ed25519PublicKey(seed);
const message = fromHex('abcd');
const good = signEd25519(seed, message);
const bad = good.with(0, good[0]! ^ 1);

afterEach(() => vi.unstubAllGlobals());

it('takes what WebCrypto accepts, and asks no verifier for it', async () => {
  const jobs: VerificationJob[] = [];
  const verify = verifySignatureBy((job) => (jobs.push(job), verifyHere(job)));
  expect(await verify(key, message, good)).toBe(true);
  expect(jobs).toEqual([]);
  expect(await verify(key, message, bad)).toBe(false);
  expect(jobs).toHaveLength(1);
});

it('without WebCrypto every signature is a job of the verifiers', async () => {
  vi.stubGlobal('crypto', undefined);
  const jobs: VerificationJob[] = [];
  const verify = verifySignatureBy((job) => (jobs.push(job), verifyHere(job)));
  expect([await verify(key, message, good), await verify(key, message, bad)]).toEqual([true, false]);
  expect(jobs.map(({ kind }) => kind)).toEqual(['ed25519-strict', 'ed25519-strict']);
  expect([await verifySignature(key, message, good), await verifySignature(key, message, bad)]).toEqual([true, false]);
});
