import { expect, it } from 'vitest';
import { hotStuff2Codes } from '../chains/hotstuff2/hotstuff2-codes.ts';
import { checkedStepText, stepTitleOf } from './checked-proof-texts.ts';

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
