import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, it } from 'vitest';
import { verifyHere } from '../../test/support/verify-here.ts';
import { isLong, isResultOf, isShort } from '../hub/loans/job-traits.ts';
import { fromHex } from '../base/bytes.ts';
import type { Secp256k1RecoverJob } from './jobs.ts';
import { runJobNow } from './run-job.ts';
import { recoverKey } from './secp256k1-recover.ts';

const secret = new Uint8Array(32).fill(7);
const key = secp256k1.getPublicKey(secret);
const message = new Uint8Array(32).fill(9);
const signature = secp256k1.sign(message, secret, { prehash: false, format: 'recovered' });
const jobOf = (count: number): Secp256k1RecoverJob => ({ kind: 'secp256k1-recover', signatures: Array.from({ length: count }, () => ({ message, signature })) });
const order = 0xff_ff_ff_ff_ff_ff_ff_ff_ff_ff_ff_ff_ff_ff_ff_fe_ba_ae_dc_e6_af_48_a0_3b_bf_d2_5e_8c_d0_36_41_41n;

describe('the job secp256k1-recover', () => {
  it('has the key of every signature', async () => {
    expect(await verifyHere(jobOf(2))).toEqual({ valid: true, decoded: [], keys: [key, key] });
    expect(await verifyHere(jobOf(0))).toEqual({ valid: true, decoded: [], keys: [] });
  });

  it('names the first signature that no key made, and refuses a job above its bound', async () => {
    const { signatures } = jobOf(3);
    const bad = { message, signature: new Uint8Array(65) };
    expect(await verifyHere({ kind: 'secp256k1-recover', signatures: [signatures[0]!, bad, bad] })).toEqual({ valid: false, failure: 'signature', decoded: [], at: 1 });
    expect(await verifyHere(jobOf(8193))).toMatchObject({ valid: false, at: 0 });
    expect(runJobNow(jobOf(1)).valid).toBe(false);
  });

  it('takes a high s, but no other lengths, recovery ids or numbers out of range', () => {
    const s = BigInt(`0x${Buffer.from(signature.slice(33)).toString('hex')}`);
    const high = Uint8Array.of(signature[0]! ^ 1, ...signature.slice(1, 33), ...fromHex((order - s).toString(16).padStart(64, '0')));
    expect(recoverKey(message, high)).toEqual(key);
    expect(recoverKey(message, Uint8Array.of(4, ...signature.slice(1)))).toBeUndefined();
    expect(recoverKey(message, signature.slice(1))).toBeUndefined();
    expect(recoverKey(message.slice(1), signature)).toBeUndefined();
    expect(recoverKey(message, Uint8Array.of(0, ...signature.slice(1, 33), ...fromHex(order.toString(16))))).toBeUndefined();
    expect(recoverKey(message, Uint8Array.of(2, ...signature.slice(1)))).toBeUndefined();
    expect(recoverKey(new Uint8Array(32).fill(8), signature)).not.toEqual(key);
  });

  it('is short for a header, long for many, and has a result of its form', () => {
    expect([isShort(jobOf(40)), isShort(jobOf(41)), isLong(jobOf(41))]).toEqual([true, false, true]);
    const good = { valid: true, decoded: [], keys: [key] };
    expect(isResultOf(jobOf(1), good)).toBe(true);
    expect(isResultOf(jobOf(2), good)).toBe(false);
    expect(isResultOf(jobOf(1), { ...good, keys: [key.slice(1)] })).toBe(false);
    expect(isResultOf(jobOf(1), { valid: false, decoded: [], at: 0 })).toBe(true);
    expect(isResultOf(jobOf(1), { valid: false, decoded: [], at: 1 })).toBe(false);
  });
});
