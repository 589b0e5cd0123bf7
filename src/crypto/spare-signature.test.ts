import { expect, it } from 'vitest';
import { ed25519PublicKey, signEd25519 } from './ed25519.ts';
import type { ProposerJob } from './jobs.ts';
import { spareSignature } from './spare-signature.ts';

const secret = new Uint8Array(32).fill(7);
const hash = new Uint8Array(32).fill(1);
const job: ProposerJob = { kind: 'proposer', publicKey: ed25519PublicKey(secret), seed: new Uint8Array(96), previousSeed: new Uint8Array(96), blockNumber: 1, signature: { hash, bytes: signEd25519(secret, hash) } };

it('leaves out a valid signature, and nothing else', async () => {
  const { signature: _, ...rest } = job;
  expect(await spareSignature(job)).toEqual({ ...rest, signature: undefined });
  for (const index of [0, 31, 32, 63]) {
    const bytes = job.signature!.bytes.slice();
    bytes[index]! ^= 1;
    const forged = { ...job, signature: { hash, bytes } };
    expect(await spareSignature(forged)).toBe(forged);
  }
  const others: ProposerJob = { ...job, publicKey: ed25519PublicKey(new Uint8Array(32).fill(8)) };
  expect(await spareSignature(others)).toBe(others);
  const elsewhere: ProposerJob = { ...job, signature: { ...job.signature!, hash: new Uint8Array(32) } };
  expect(await spareSignature(elsewhere)).toBe(elsewhere);
  expect(await spareSignature({ kind: 'keys', keys: [] })).toEqual({ kind: 'keys', keys: [] });
});

it('leaves the signature to the job where WebCrypto cannot verify it', async () => {
  const refusing = { importKey: () => Promise.reject(new DOMException('no', 'NotSupportedError')), verify: async () => true } as unknown as SubtleCrypto;
  expect(await spareSignature(job, refusing)).toBe(job);
});
