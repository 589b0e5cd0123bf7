import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, it } from 'vitest';
import { chainA, chainB, fromBase64, mainnetHeaders, type RecordedChain } from '../../../../test/support/stacks-vectors.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { fromHex } from '../../../base/bytes.ts';
import { recoverKey } from '../../../crypto/secp256k1-recover.ts';
import { decodeHeader, type NakamotoHeader } from '../wire/header.ts';
import { blockHash } from './hash.ts';
import { checkSigners, isOrdered, jobOfHeader, verifySigners } from './signer-rules.ts';
import { faultOfSet, keyHashOf, setOfKeys, thresholdOf, type SignerSet } from './signer-set.ts';

const setOf = (chain: RecordedChain, cycle: number): SignerSet => setOfKeys(cycle, chain.signer_sets[cycle]!.map((it) => ({ key: fromHex(it.signing_key), weight: it.weight })));
const secrets = chainA.signer_test_private_keys.map((it) => fromHex(it).slice(0, 32));
const secretOf = new Map(secrets.map((secret) => [keyHashOf(secp256k1.getPublicKey(secret)), secret]));

describe('recorded headers', () => {
  it.each([['a', chainA], ['b', chainB]])('of chain %s are certified by the set of their tenure, with the recorded weight and the miner of their sortition', async (_name, chain) => {
    // Every third: a recovery takes more than a millisecond.
    for (const it of chain.headers.filter((header, i) => i % 3 === 0 || header.version === 1)) {
      const header = decodeHeader(fromBase64(it.header_b64));
      const minerKeyHash = chain.sortitions[it.burn_height]!.miner_pk_hash!;
      expect(await verifySigners(header, setOf(chain, it.cycle), verifyHere, { minerKeyHash })).toEqual({ ok: true, minerKeyHash, signers: expect.any(Array), weight: { signed: it.weight_signed, threshold: it.threshold, total: expect.any(Number) } });
    }
  });

  it('of the main network recover to the known keys, in ascending order', async () => {
    for (const it of mainnetHeaders) {
      const header = decodeHeader(fromHex(it.header));
      const set = setOfKeys(1, it.signers_recovered.map((key) => ({ key: fromHex(key), weight: 1 })));
      expect(await verifySigners(header, set, verifyHere)).toMatchObject({ ok: true, minerKeyHash: it.miner_hash160, weight: { signed: it.signers_recovered.length } });
    }
  });

  it('do not name their cycle by their signers: a neighbouring set can reach the threshold too', async () => {
    const outcomes = new Set<boolean>();
    for (const it of chainA.headers.filter(({ cycle }) => cycle === 6).slice(0, 6)) {
      const header = decodeHeader(fromBase64(it.header_b64));
      for (const cycle of [5, 7]) outcomes.add((await verifySigners(header, setOf(chainA, cycle), verifyHere)).ok);
    }
    expect(outcomes.has(true)).toBe(true);
  });
});

describe('a list of signers', () => {
  const recorded = chainA.headers.find(({ cycle }) => cycle === 5)!;
  const base = decodeHeader(fromBase64(recorded.header_b64));
  const set = setOf(chainA, 5);
  const { members } = set;

  /** The header with the signatures of these members of the set (or strangers), in this order. */
  const signedBy = (indices: readonly number[], header: NakamotoHeader = base): NakamotoHeader => {
    const message = blockHash(header);
    const stranger = new Uint8Array(32).fill(3);
    return { ...header, signerSignatures: indices.map((i) => secp256k1.sign(message, secretOf.get(members[i]?.keyHash ?? '') ?? stranger, { prehash: false, format: 'recovered' })) };
  };
  const verdict = async (header: NakamotoHeader, of: SignerSet = set) => {
    const result = await verifySigners(header, of, verifyHere);
    return result.ok ? result.weight.signed : result.code;
  };
  const all = members.map((_, i) => i);
  const total = members.reduce((sum, { weight }) => sum + weight, 0);

  it('needs 70 percent of the weight, rounded up', async () => {
    expect(thresholdOf(10)).toBe(7);
    expect(thresholdOf(11)).toBe(8);
    expect(thresholdOf(1)).toBe(1);
    const hundred = { cycle: 5, members: members.map((it, i) => ({ ...it, weight: [69, 1, 10, 10, 10][i]! })) };
    expect(await verdict(signedBy([0, 1]), hundred)).toBe(70);
    expect(await verdict(signedBy([0]), hundred)).toBe('weight');
    expect(await verdict(signedBy([]), hundred)).toBe('weight');
    expect(await verdict(signedBy([]), { cycle: 5, members: [] })).toBe('weight');
    expect(await verdict(signedBy(all))).toBe(total);
  });

  it('has no stranger and nobody twice', async () => {
    expect(await verdict(signedBy([0, 1, 2, 99]))).toBe('signer-stranger');
    expect(await verdict(signedBy([0, 1, 2, 2]))).toBe('signer-twice');
    expect(await verdict(signedBy([...all, 0]))).toBe('signer-twice');
  });

  it('is ordered after its first before Epoch 4.0, and strictly from it on', async () => {
    const next = { ...base, version: 1 };
    expect(await verdict(signedBy([0, 2, 1, 3, 4]))).toBe(total);
    expect(await verdict(signedBy([1, 0, 2, 3, 4]))).toBe('signer-order');
    expect(await verdict(signedBy([0, 2, 1, 3, 4], next))).toBe('signer-order');
    expect(await verdict(signedBy(all, next))).toBe(total);
    expect([isOrdered([], 1), isOrdered([4], 0), isOrdered([0, 2, 1], 0), isOrdered([0, 2, 1], 1)]).toEqual([true, true, true, false]);
  });

  it('counts for nothing under a shadow block, and does not fit another header', async () => {
    const shadow = { ...base, version: 0x80 };
    expect(await verdict(signedBy(all, shadow))).toBe('shadow');
    expect(checkSigners(shadow, [], set)).toEqual({ ok: false, code: 'shadow' });
    expect(await verdict({ ...signedBy(all), timestamp: base.timestamp + 1 })).toBe('signer-stranger');
    expect(await verdict({ ...base, signerSignatures: [new Uint8Array(65)] })).toBe('signature');
    expect(await verdict({ ...base, minerSignature: new Uint8Array(65) })).toBe('signature');
  });

  it('is refused if the miner is another than that of the sortition', async () => {
    expect(await verifySigners(base, set, verifyHere, { minerKeyHash: 'aa'.repeat(20) })).toEqual({ ok: false, code: 'miner' });
  });

  it('has the miner first in its job, and keys that are recovered one by one', () => {
    const job = jobOfHeader(base);
    expect(job).toMatchObject({ kind: 'secp256k1-recover', signatures: { length: base.signerSignatures.length + 1 } });
    expect(members.map(({ keyHash }) => keyHash)).toContain(keyHashOf(recoverKey(blockHash(base), base.signerSignatures[0]!)!));
  });
});

describe('a signer set', () => {
  it('has members, not too many, with positive weights, each once', () => {
    const member = { keyHash: 'aa'.repeat(20), weight: 1 };
    expect(faultOfSet(setOf(chainA, 4))).toBeUndefined();
    expect(faultOfSet({ cycle: 1, members: [] })).toBe('empty');
    expect(faultOfSet({ cycle: 1, members: [member, member] })).toBe('duplicate');
    for (const weight of [0, -1, 0.5, Number.NaN, 2 ** 53]) expect(faultOfSet({ cycle: 1, members: [{ ...member, weight }] })).toBe('weight');
    expect(faultOfSet({ cycle: 1, members: Array.from({ length: 4001 }, () => member) })).toBe('too-many');
  });
});
