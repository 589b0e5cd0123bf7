import { expect, it } from 'vitest';
import { clarityText } from './clarity-text.ts';

it('what moves the cursor of a terminal, or turns the direction of text, is written as its number', () => {
  const text = '\u001B[2A\u001B[2KProven: u1\u0007 \u202Egnp\u2066 \u0085 \u2028 \u00AD a\u0301';
  const shown = clarityText({ type: 'utf8', text });
  expect(shown).toBe(String.raw`u"\u{1b}[2A\u{1b}[2KProven: u1\u{7} \u{202e}gnp\u{2066} \u{85} \u{2028} \u{ad} ` + 'a\u0301"');
  expect(clarityText({ type: 'ascii', text: 'a\tb\u007F\nc' })).toBe(String.raw`"a\u{9}b\u{7f}\nc"`);
  // A backslash in the text is another one.
  expect(clarityText({ type: 'ascii', text: String.raw`\u{1b}` })).toBe(String.raw`"\\u{1b}"`);
});
