import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../base/bytes.ts';
import { verifyEd25519Sync } from '../../../crypto/ed25519.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { makeChain } from '../../../../test/support/moloch-chain-maker.ts';
import { decodeCheckpoint, decodeTrustedCheckpoint } from '../wire/checkpoint.ts';
import { decodeTrustedHeader } from '../wire/trusted-header.ts';
import { checkSameCheckpoint, checkTrustedCheckpoint } from './checkpoint-rules.ts';
import { validatorsHash } from './hash.ts';
import { trustedHeaderOf } from './moloch-block.ts';
import { checkTrustedHeader, finalityThreshold } from './trusted-header-rules.ts';
import { verifySignature } from './verify-signature.ts';

const { validators } = molochVectors;
const codes: Readonly<Record<string, string>> = {
  'two of four': 'too-few-signatures',
  'one signer three times': 'repeated-signer',
  'two signers, one repeated': 'repeated-signer',
  'two plus a stranger': 'unknown-signer',
  'third signature over another block': 'bad-signature',
  'forged mmr_root field': 'mmr-root-field',
  'header field altered': 'bad-seal',
  'signature over signing bytes, not hash': 'bad-signature',
};

describe('vectors: trustedHeaders', () => {
  it.each(molochVectors.trustedHeaders)('$name', async ({ name, bytes, driverAccepts, upstream }) => {
    const fault = await checkTrustedHeader(decodeTrustedHeader(fromHex(bytes)), validators, verifySignature);
    expect(fault?.code).toBe(codes[name]);
    expect(fault === undefined).toBe(driverAccepts);
    // What the crates refuse, this driver refuses too.
    expect(fault !== undefined || upstream === 'accept').toBe(true);
  });

  it('hole 1: one validator repeated does not reach the quorum, though the crates accept it', () => {
    const accepted = molochVectors.trustedHeaders.filter(({ upstream, driverAccepts }) => upstream === 'accept' && !driverAccepts).map(({ name }) => name);
    expect(accepted).toEqual(['one signer three times', 'two signers, one repeated', 'forged mmr_root field']);
  });

  it('hole 11: a bad seal is refused, with all validators behind it', async () => {
    const trusted = trustedHeaderOf(makeChain(1)[1]!.item.block);
    expect(await checkTrustedHeader(trusted, validators, verifySignature)).toBeUndefined();
    const seal = trusted.header.seal.with(3, trusted.header.seal[3]! ^ 1);
    expect((await checkTrustedHeader({ ...trusted, header: { ...trusted.header, seal } }, validators, verifySignature))?.code).toBe('bad-seal');
  });
});

describe('vectors: thresholds, checkpoint', () => {
  it.each(molochVectors.thresholds)('$n validators: $threshold signatures', ({ n, threshold }) => {
    expect(finalityThreshold(n)).toBe(threshold);
  });

  it('the checkpoint belongs together; any other field is refused', async () => {
    const checkpoint = decodeTrustedCheckpoint(fromHex(molochVectors.checkpoint.trusted));
    const pinned = decodeCheckpoint(fromHex(molochVectors.checkpoint.bytes));
    expect(await checkTrustedCheckpoint(checkpoint, verifySignature)).toBeUndefined();
    expect(checkSameCheckpoint(checkpoint, pinned)).toBeUndefined();
    expect(checkSameCheckpoint(checkpoint, { ...pinned, totalEvents: 1 })).toMatchObject({ code: 'other-checkpoint', data: { field: 'totalEvents' } });
    expect((await checkTrustedCheckpoint({ ...checkpoint, height: 11 }, verifySignature))?.code).toBe('other-header');
    expect((await checkTrustedCheckpoint({ ...checkpoint, hash: checkpoint.mmrRoot }, verifySignature))?.code).toBe('other-header');
  });

  it('hole 9: the set of validators is committed to, and another one is refused', async () => {
    const checkpoint = decodeTrustedCheckpoint(fromHex(molochVectors.checkpoint.trusted));
    const others = checkpoint.validators.slice(0, 3);
    expect((await checkTrustedCheckpoint({ ...checkpoint, validators: others }, verifySignature))?.code).toBe('validators-hash');
    const swapped = { ...checkpoint, validators: others, validatorsHash: validatorsHash(others) };
    // It belongs together, and is not the pinned one.
    expect(checkSameCheckpoint(swapped, checkpoint)?.data?.['field']).toBe('validatorsHash');
  });
});

describe('what a part of the validators can do (docs/moloch.md)', () => {
  it.each(Array.from({ length: 30 }, (_, i) => i + 1))('of %s: fewer than a third stop nothing, and two final blocks need more than a third to sign both', (n) => {
    const threshold = finalityThreshold(n);
    const stops = n - threshold + 1;
    const signsBoth = 2 * threshold - n;
    expect(3 * stops).toBeGreaterThanOrEqual(n);
    expect(3 * signsBoth).toBeGreaterThan(n);
    expect(3 * threshold).toBeGreaterThan(2 * n);
  });
});

describe('vectors: torsionSignature', () => {
  it('is refused, though the equation with cofactor accepts it', async () => {
    const { key, message, signature } = molochVectors.torsionSignature;
    expect(await verifySignature(fromHex(key), fromHex(message), fromHex(signature))).toBe(false);
    expect(verifyEd25519Sync(fromHex(key), fromHex(message), fromHex(signature))).toBe(true);
  });
});
