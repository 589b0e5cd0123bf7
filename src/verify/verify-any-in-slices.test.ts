import { expect, it } from 'vitest';
import { ed25519PublicKey, signEd25519 } from '../crypto/ed25519.ts';
import type { Ed25519StrictJob } from '../crypto/jobs.ts';
import { verifyAnyInSlices } from './verify-any-in-slices.ts';
import { verifyInSlices } from './verify-in-slices.ts';

const seed = new Uint8Array(32);
const message = Uint8Array.of(1);
const job: Ed25519StrictJob = { kind: 'ed25519-strict', signatures: [{ publicKey: ed25519PublicKey(seed), message, signature: signEd25519(seed, message) }] };

it('runs the jobs of other chains, and ends with the signal', async () => {
  expect(await verifyAnyInSlices(job)).toEqual({ valid: true, decoded: [] });
  expect(await verifyAnyInSlices({ kind: 'keys', keys: [] })).toMatchObject({ valid: true });
  await expect(verifyAnyInSlices(job, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});

it('the verifier of the package has only those of Albatross', async () => {
  expect(await verifyInSlices(job)).toMatchObject({ valid: false });
});
