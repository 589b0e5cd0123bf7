import { expect, it } from 'vitest';
import { hotStuff2Codes } from '../chains/hotstuff2/hotstuff2-codes.ts';
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
  for (const name of ['form', 'format', 'network', 'sets', 'checkpoint', 'headers', 'finality', 'state', 'inclusion', 'chain'])
    expect(textOf(name)).not.toMatch(/undefined| {2}| [,.:]|: bytes|: \./);
  expect(textOf('form')).toBe('It is whole.');
  expect(textOf('form', { bytes: 1356 })).toBe('It is whole: 1356 bytes.');
  expect(textOf('network', { name: 'a-net' })).toBe('It is of a-net, which this page was opened with.');
  expect(textOf('checkpoint')).not.toContain('pin');
  expect(textOf('checkpoint', { anchor: 'genesis' })).toBe('It begins at this network’s genesis.');
  expect(textOf('checkpoint', { anchor: 'pinned' })).toContain('pin');
});

it('says of an event what its proof leaves open, and of a value that it can change', () => {
  expect(checkedProofTexts.notProven(['key', 'value', 'block'])[0]).toContain('value is still the same');
  expect(checkedProofTexts.notProven(['event', 'block']).join(' ')).not.toContain('value');
});
