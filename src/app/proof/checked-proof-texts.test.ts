import { expect, it } from 'vitest';
import { checkedStepText, stepTitleOf } from './checked-proof-texts.ts';

it('says what failed and what was measured, and hides no code without a text', () => {
  expect(checkedStepText({ name: 'state', state: 'failed', code: 'state', data: { reason: 'wrong-root' } })).toMatch(/^The path of hashes .* reason: wrong-root$/u);
  expect(checkedStepText({ name: 'x', state: 'failed', code: 'new-code', data: {} })).toBe('new-code');
  expect(checkedStepText({ name: 'x', state: 'done', data: { signed: 3 } })).toBe('It is right. signed: 3');
  expect(checkedStepText({ name: 'x', state: 'open', data: {} })).toBe('');
  expect(stepTitleOf('unheard')).toBe('unheard');
});
