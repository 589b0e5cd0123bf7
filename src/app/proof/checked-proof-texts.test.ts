import { expect, it } from 'vitest';
import { BlockMaker, bytesOf, put } from '../../../test/support/hotstuff2/block-maker.ts';
import { networkOfMaker } from '../../../test/support/hotstuff2/test-chain.ts';
import { Losers } from '../../chains/hotstuff2/chain/losers.ts';
import { KeyValueState } from '../../chains/hotstuff2/chain/state.ts';
import { encodeProofFile } from '../../chains/hotstuff2/proofs/proof-file.ts';
import { proveState } from '../../chains/hotstuff2/proofs/state-proof.ts';
import { decodeFinalityProof } from '../../chains/hotstuff2/wire/finality-proof.ts';
import { checkHotStuff2Proof } from '../../verify/check-hotstuff2-proof.ts';
import { RECEIPT_STEPS } from '../../chains/moloch/proofs/verify-receipt.ts';
import { hotStuff2Codes } from '../chains/hotstuff2/hotstuff2-codes.ts';
import { molochCodes } from '../chains/moloch/moloch-codes.ts';
import { checkedProofTexts, checkedStepText, stepTitleOf } from './checked-proof-texts.ts';

it('says what failed, why, and what was measured, and hides no code without a text', () => {
  const textOf = (step: Partial<Parameters<typeof checkedStepText>[0]>) => checkedStepText({ name: 'x', state: 'failed', data: {}, ...step }, hotStuff2Codes);
  expect(textOf({ code: 'state', data: { reason: 'other-key', bytes: 3 } })).toBe('The hashes do not lead to the state root of the final block. The proof is of another key. bytes: 3');
  expect(textOf({ code: 'damaged', data: { reason: 'truncated' } })).toBe('The file is damaged or cut off. Ask for it again. The bytes end too early.');
  expect(textOf({ code: 'damaged', data: { reason: 'new-reason' } })).toBe('The file is damaged or cut off. Ask for it again. reason: new-reason');
  expect(textOf({ code: 'new-code' })).toBe('new-code');
  expect(textOf({ code: 'constructor' })).toBe('constructor');
  expect(textOf({ state: 'done', data: { signed: 3 } })).toBe('It is right. signed: 3');
  expect(textOf({ state: 'open' })).toBe('');
  expect(stepTitleOf('unheard')).toBe('unheard');
});

it('says in words why a file of HotStuff-2 is refused, wherever it is cut or changed', async () => {
  const maker = new BlockMaker();
  const values = new KeyValueState();
  const final = maker.make(maker.genesis, values, { operations: [put('a', '1'), put('b', '2'), put('c', '3')] });
  const child = maker.make(final, new KeyValueState(values.entries));
  const network = networkOfMaker(maker);
  const file = encodeProofFile({ chainId: network.chainId, key: bytesOf('b'), finality: decodeFinalityProof(Losers.proofOf(final, child)), sets: [maker.set], state: proveState(values, bytesOf('b')) });
  const { signal } = new AbortController();
  const seen = new Map<string, number>();
  const judge = async (bytes: Uint8Array, of: unknown = network) => {
    const { ok, steps } = await checkHotStuff2Proof(bytes, { network: of, signal });
    if (ok) return;
    const failed = steps.find(({ state }) => state === 'failed')!;
    const text = checkedStepText(failed, hotStuff2Codes);
    expect([text, text.includes('reason:'), text.startsWith(failed.code!)]).toEqual([text, false, false]);
    seen.set(failed.code!, (seen.get(failed.code!) ?? 0) + 1);
  };
  for (let length = 8; length < file.length; length += 7) await judge(file.slice(0, length));
  for (let at = 8; at < file.length; at += 1) {
    // A changed signature is checked at each place, which takes long: one of them is enough.
    if ((seen.get('finality') ?? 0) > 12 && at < file.length - 250) continue;
    for (const byte of [0xff, file[at]! ^ 1]) await judge(file.with(at, byte));
  }
  for (const [field, value] of [['seeds', 3], ['genesisHash', 'xyz'], ['genesisHash', '00'.repeat(32)], ['name', 'other'], ['validators', ''], ['chain', 'moloch']] as const) await judge(file, { ...network, [field]: value });
  expect([...seen.keys()].toSorted()).toEqual(expect.arrayContaining(['damaged', 'finality', 'other-network', 'state', 'unknown-network']));
  // What makes no sense to a person as a reason has a name.
  expect(checkedStepText({ name: 'sets', state: 'failed', code: 'set-not-trusted', data: { validators: 'ab' } }, hotStuff2Codes)).toContain('hash of its validators: ab');
  expect(checkedStepText({ name: 'network', state: 'failed', code: 'other-network', data: { chainId: 'cd' } }, hotStuff2Codes)).toContain('chain id in the file: cd');
}, 30_000);

it('leaves no gap in the sentence of a good step that measured nothing, as in a refused file', () => {
  const textOf = (name: string, data: Parameters<typeof checkedStepText>[0]['data'] = {}) => checkedStepText({ name, state: 'done', data }, hotStuff2Codes);
  for (const name of ['form', 'format', 'network', 'sets', 'checkpoint', 'headers', 'finality', 'state', 'event', 'attestation', 'block', 'inclusion', 'chain'])
    expect(textOf(name)).not.toMatch(/undefined| {2}| [,.:]|: bytes|: \./);
  expect(textOf('form')).toBe('It is whole.');
  expect(textOf('form', { bytes: 1356 })).toBe('It is whole: 1356 bytes.');
  expect(textOf('network', { name: 'a-net' })).toBe('It is of a-net, which this page was opened with.');
  expect(textOf('sets')).toBe('They are the validators of this network.');
  expect(textOf('sets', { handOvers: 1 })).toContain('proves 1 change of validators.');
  expect(textOf('sets', { handOvers: 2 })).toContain('proves 2 changes of validators.');
  expect(textOf('checkpoint')).not.toContain('pin');
  expect(textOf('checkpoint', { anchor: 'genesis' })).toBe('It begins at this network’s genesis.');
  expect(textOf('checkpoint', { anchor: 'pinned' })).toContain('pin');
});

it('says of each good step of a receipt what was checked, and names facts of a refused one in words', () => {
  for (const name of RECEIPT_STEPS) expect(checkedStepText({ name, state: 'done', data: {} }, molochCodes)).not.toBe(checkedProofTexts.right);
  const textOf = (code: string, data: Parameters<typeof checkedStepText>[0]['data']) => checkedStepText({ name: 'x', state: 'failed', code, data }, molochCodes);
  expect(textOf('bad-attestation', { link: 0 })).toBe('Bad signature of an event. number of the signature: 1');
  expect(textOf('block-hash', { hash: 'ab', expected: 'cd' })).toMatch(/hash in the file: ab, expected: cd$/u);
  expect(textOf('checkpoint', { field: 'hash', value: 'ab', expected: 'cd' })).toMatch(/what differs: hash, in the file: ab, expected: cd$/u);
  expect(textOf('damaged', { reason: 'unexpected-end' })).toBe('The file is damaged or cut off. Ask for it again. The bytes end too early.');
});

it('says of an event what its proof leaves open, and of a value that it can change', () => {
  expect(checkedProofTexts.notProven(['key', 'value', 'block'], undefined)[0]).toContain('value is still the same');
  expect(checkedProofTexts.notProven(['event', 'block'], undefined).join(' ')).not.toContain('value');
});
