import { describe, expect, it } from 'vitest';
import { itemOfVector, setOfBytes } from '../../../../test/support/hotstuff2/items.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { fromHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { ed25519PublicKey } from '../../../crypto/ed25519.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import { decodeQc } from '../wire/qc.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';
import { verifyQc, verifyQcs } from './verify-qc.ts';
import type { QcCase } from './verify-qc.ts';

/** Sets made from the seeds SHA-256("hs2-test-key/WORD/i"). */
function setFrom(word: string, n: number): ValidatorSet {
  return { scheme: 'ed25519', keys: Array.from({ length: n }, (_, i) => ed25519PublicKey(sha256(new TextEncoder().encode(`hs2-test-key/${word}/${i}`)))) };
}
const sets: Readonly<Record<string, ValidatorSet>> = { n4: setOfBytes(vectors.n4.validatorsBytes), other4: setFrom('other', 4), n5: setFrom('n5', 5), n6: setFrom('n6', 6) };

async function verdict(hex: string, hash: string, view: number, set: ValidatorSet): Promise<string> {
  try {
    return (await verifyQc({ qc: decodeQc(fromHex(hex)), hash, view, set }, verifyHere)) ?? 'accept';
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
}

/** Where the driver is stricter than the library (HotStuff-2 reference, 2.2). */
const stricter: Readonly<Record<string, string>> = {
  'trailing byte': 'trailing',
  'unsorted signers': 'order',
  'valid QC for another view of the same block': 'qc-view',
  'n=5 three signers': 'qc-quorum',
  'n=6 three signers': 'qc-quorum',
};

describe('certificates of the vectors', () => {
  it.each([vectors.n4, vectors.n7])('run $name: every certificate is valid for its block', async ({ blocks, notFinal, validatorsBytes }) => {
    const set = setOfBytes(validatorsBytes);
    const cases = [...blocks, ...notFinal].map(itemOfVector).flatMap(({ id, block: { qc, header } }): QcCase[] => (qc ? [{ qc, hash: id, view: header.view, set }] : []));
    expect(await verifyQcs(cases, verifyHere)).toBeUndefined();
    // One wrong certificate in the middle is the one that is named.
    const at = Math.floor(cases.length / 2);
    const swapped = cases.map((it, i) => (i === at ? { ...it, hash: cases[0]!.hash } : it));
    expect(await verifyQcs(swapped, verifyHere)).toEqual({ at, code: 'qc-hash' });
    const forged = cases.map((it, i) => (i === at && it.qc.scheme === 'ed25519' ? { ...it, qc: { ...it.qc, times: it.qc.times.map((time) => time + 1) } } : it));
    expect(await verifyQcs(forged, verifyHere)).toEqual({ at, code: 'qc' });
  });

  it.each(vectors.negative)('$name: $expect', async ({ name, expect: wanted, set, block, blockView, qc, upstream }) => {
    const code = await verdict(qc, block, blockView, sets[set]!);
    expect(code === 'accept').toBe(wanted === 'accept');
    // The code where this client alone refuses; undefined: both judge alike.
    const alone = upstream.accepted && code !== 'accept' ? code : undefined;
    expect([alone, upstream.accepted || code !== 'accept']).toEqual([stricter[name], true]);
  });

  it('made in JavaScript, with the library’s verdict', async () => {
    const { input, verdicts } = vectors.jsMade;
    for (const { id, set, qc } of input.qcs) {
      const decoded = decodeQc(fromHex(qc));
      const keys = input.sets[set]!.keys.map(fromHex);
      expect([id, (await verdict(qc, decoded.hash, decoded.view, { scheme: 'ed25519', keys })) === 'accept']).toEqual([id, verdicts.find((it) => it.id === id)!.accepted]);
    }
  });

  it('BLS, without and with the padding that the library can read', async () => {
    const set = setOfBytes(vectors.bls.validatorsBytes);
    for (const { qc, hash, view } of [...vectors.bls.qcs, { ...vectors.bls.qcs[0]!, qc: vectors.bls.paddedWithZeroTimestamps.qc }]) expect(await verdict(qc, hash, view, set)).toBe('accept');
    const [first] = vectors.bls.qcs;
    expect(await verdict(first!.qc, first!.hash, first!.view, sets['n4']!)).toBe('qc-scheme');
    expect(await verdict(first!.qc, first!.hash, first!.view, { ...set, keys: set.keys.toReversed() })).toBe('qc');
  });
});
