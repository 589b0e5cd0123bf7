import { expect, it } from 'vitest';
import { bodyTexts } from './albatross-block-texts.ts';

it('issue 12: says what the body of each type of block holds', () => {
  expect(bodyTexts.micro).toContain('its transactions');
  for (const type of ['checkpoint', 'election'] as const) expect(bodyTexts[type]).toMatch(/rewards .* to validators, and no other transactions/u);
  expect(bodyTexts.skip).toContain('empty body');
});
