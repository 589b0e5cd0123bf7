import { describe, expect, it } from 'vitest';
import { marfChain, madeProofs, proofsA, recordedProofs, stackerSet } from '../../../../test/support/stacks-proof-vectors.ts';
import { toHex } from '../../../base/bytes.ts';
import { encodeClarity } from '../wire/clarity-encode.ts';
import type { ClarityValue } from '../wire/clarity-value.ts';
import { faultOfCandidates, readSignerSet, signerSetKey } from './hand-over.ts';
import type { SignerKey } from './hand-over.ts';

const test = { mainnet: false };
const hash = (n: number) => n.toString(16).padStart(40, '0');
const entry = (n: number, weight = 1n, version = 26): ClarityValue => ({
  type: 'tuple', fields: [{ name: 'signer', value: { type: 'principal', principal: { version, hash: hash(n) } } }, { name: 'weight', value: { type: 'uint', value: weight } }],
});
const textOf = (value: ClarityValue) => toHex(encodeClarity(value));
const listOf = (...items: readonly ClarityValue[]) => textOf({ type: 'some', value: { type: 'list', items } });
const codeOf = (text: string, network = test) => {
  const result = readSignerSet(9, text, network);
  return result.ok ? undefined : result.code;
};
const keysOf = (cycle: number): readonly SignerKey[] => stackerSet(cycle).map(({ signing_key, weight }) => ({ key: signing_key.replace(/^0x/u, ''), weight }));

describe('the set of the next cycle', () => {
  it('is under a key of its own, on the main network and on others', () => {
    expect(signerSetKey(5, test)).toBe('vm::ST000000000000000000002AMW42H.signers::0::cycle-signer-set::0100000000000000000000000000000005');
    expect(signerSetKey(5, { mainnet: true })).toBe('vm::SP000000000000000000002Q6VF78.signers::0::cycle-signer-set::0100000000000000000000000000000005');
  });

  it.each([4, 5, 6, 7])('of cycle %s: the recorded list, and the keys of the recorded stacker set are those of it', (cycle) => {
    const proof = recordedProofs.find(({ name }) => name === `signers cycle ${cycle} at writing block`)!;
    const { decoded } = proofsA.proofs.find(({ name }) => name === proof.name)!;
    expect(proof.key).toBe(signerSetKey(cycle, test));
    const result = readSignerSet(cycle, proof.value, test);
    expect(result).toEqual({ ok: true, set: { cycle, members: decoded!.map(({ hash160, weight }) => ({ keyHash: hash160, weight })) } });
    expect(result.ok && faultOfCandidates(result.set, keysOf(cycle))).toBeUndefined();
  });

  it('of the chain of invented blocks, asked later too', () => {
    const seen = madeProofs.filter(({ key }) => key.includes('cycle-signer-set'));
    expect(seen).toHaveLength(5);
    for (const { key, value } of seen) {
      const cycle = Number(key.at(-1));
      const result = readSignerSet(cycle, value, test);
      expect(result).toMatchObject({ ok: true, set: { members: marfChain.signer_sets[cycle]!.map(({ hash160, weight }) => ({ keyHash: hash160, weight })) } });
    }
  });

  it('an empty list stops the client; anything else than a list of signers and weights is refused', () => {
    expect(codeOf(listOf(entry(1), entry(2)))).toBeUndefined();
    expect(codeOf(listOf())).toBe('empty-set');
    const wrong = [
      '', '09', 'zz', '0a', listOf(entry(1), entry(1)), listOf(entry(1, 0n)), listOf(entry(1, 2n ** 32n)), listOf(entry(1, 1n, 22)), listOf(entry(1, 1n, 21)), listOf({ type: 'none' }),
      textOf({ type: 'list', items: [entry(1)] }), textOf({ type: 'some', value: entry(1) }), textOf({ type: 'none' }),
      listOf({ type: 'tuple', fields: [{ name: 'signer', value: { type: 'principal', principal: { version: 26, hash: hash(1), contract: 'a' } } }, { name: 'weight', value: { type: 'uint', value: 1n } }] }),
      listOf({ type: 'tuple', fields: [{ name: 'signer', value: { type: 'none' } }, { name: 'weight', value: { type: 'uint', value: 1n } }] }),
      listOf({ type: 'tuple', fields: [{ name: 'weight', value: { type: 'uint', value: 1n } }] }), listOf(...Array.from({ length: 4001 }, (_, i) => entry(i))),
    ];
    for (const text of wrong) expect(codeOf(text)).toBe('not-a-set');
    expect(codeOf(listOf(entry(1)), { mainnet: true })).toBe('not-a-set');
    expect(codeOf(listOf(...Array.from({ length: 4000 }, (_, i) => entry(i))))).toBeUndefined();
  });
});

describe('keys that a server gives', () => {
  const result = readSignerSet(7, recordedProofs.find(({ name }) => name === 'signers cycle 7 at writing block')!.value, test);
  const keys = keysOf(7);
  const code = (candidates: readonly SignerKey[]) => (result.ok ? faultOfCandidates(result.set, candidates) : 'no set');

  it('are refused if one is missing, added, in another place, another, or of another weight', () => {
    expect(code(keys)).toBeUndefined();
    expect(code(keys.slice(1))).toBe('candidate-count');
    expect(code([...keys, keys[0]!])).toBe('candidate-count');
    expect(code([keys[1]!, keys[0]!, ...keys.slice(2)])).toBe('candidate-key');
    expect(code(keys.with(0, { ...keys[0]!, key: keysOf(4)[1]!.key }))).toBe('candidate-key');
    for (const key of ['', 'xyz', `04${keys[0]!.key.slice(2)}`, keys[0]!.key.toUpperCase()]) expect(code(keys.with(0, { ...keys[0]!, key }))).toBe('candidate-key');
    expect(code(keys.with(0, { ...keys[0]!, weight: keys[0]!.weight + 1 }))).toBe('candidate-weight');
    expect(faultOfCandidates({ cycle: 7, members: [] }, [])).toBe('empty-set');
  });
});
