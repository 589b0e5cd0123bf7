import { expect, it } from 'vitest';
import { RECEIPT_STEPS } from '../../chains/moloch/proofs/verify-receipt.ts';
import { hotStuff2Codes } from '../chains/hotstuff2/hotstuff2-codes.ts';
import { molochCodes } from '../chains/moloch/moloch-codes.ts';
import { checkedProofTexts, checkedStepText, stepTitleOf } from './checked-proof-texts.ts';

it('says what failed, why, and what was measured, and hides no code without a text', () => {
  const textOf = (step: Partial<Parameters<typeof checkedStepText>[0]>) => checkedStepText({ name: 'x', state: 'failed', data: {}, ...step }, hotStuff2Codes);
  expect(textOf({ code: 'state', data: { reason: 'other-key', bytes: 3 } })).toBe('The hashes do not lead to the state root of the final block. The proof is of another key. bytes: 3');
  expect(textOf({ code: 'damaged', data: { reason: 'truncated' } })).toBe('The file is damaged or cut off. Ask for it again. reason: truncated');
  expect(textOf({ code: 'new-code' })).toBe('new-code');
  expect(textOf({ code: 'constructor' })).toBe('constructor');
  expect(textOf({ state: 'done', data: { signed: 3 } })).toBe('It is right. signed: 3');
  expect(textOf({ state: 'open' })).toBe('');
  expect(stepTitleOf('unheard')).toBe('unheard');
});

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
  expect(textOf('damaged', { reason: 'unexpected-end' })).toBe('The file is damaged or cut off. Ask for it again. The bytes end too early.');
});

it('says of an event what its proof leaves open, and of a value that it can change', () => {
  expect(checkedProofTexts.notProven(['key', 'value', 'block'], undefined)[0]).toContain('value is still the same');
  expect(checkedProofTexts.notProven(['event', 'block'], undefined).join(' ')).not.toContain('value');
});
