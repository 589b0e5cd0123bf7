import { expect, it } from 'vitest';
import { JsonError, parseJsonObject } from './parse-json.ts';

const code = (text: string) => {
  try {
    parseJsonObject(text);
    return 'fine';
  } catch (error) {
    return error instanceof JsonError ? error.code : String(error);
  }
};

it('issue 12: JSON of any depth and form is refused by code', () => {
  expect(code(`{"settings":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)).toBe('too-deep');
  expect(code('{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000))).toBe('too-deep');
  expect(code('['.repeat(20_000))).toBe('too-deep');
  for (const text of ['', '{', '}', '"', '"\\', 'undefined', '{"a":1}}']) expect([text, code(text)]).toEqual([text, 'not-json']);
  for (const text of ['[]', '[{"name":"x"}]', 'null', '1', '"unit-albatross"']) expect([text, code(text)]).toEqual([text, 'no-parameters']);
});

it('brackets in texts are no depth', () => {
  expect(code(JSON.stringify({ name: '['.repeat(100), other: '\\"[{'.repeat(100), '{{{{': [[1]] }))).toBe('fine');
});
