import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isClean, revealText } from './reveal-text.ts';

const flagged = (text: string) => revealText(text).filter(({ kind }) => kind !== 'plain').map(({ kind, codePoint }) => `${kind} ${codePoint}`);

describe('a text of a stranger', () => {
  it('in any one alphabet is clean', () => {
    for (const text of ['Order 17, thank you!', 'Überweisung für Müller', 'Заказ 17', 'Παραγγελία', '注文番号 17', 'الطلب ١٧', 'हिन्दी', 'two\nlines', '5 €', '🐦 tern', '❤️ 🐻‍❄️', 'paid in Россия']) {
      expect([text, flagged(text), isClean(revealText(text))]).toEqual([text, [], true]);
    }
  });

  it('shows marks of direction, controls, and what has no width', () => {
    expect(flagged('pay \u202e00001')).toEqual(['hidden U+202E']);
    expect(flagged('\u2066a\u2069\u200f')).toEqual(['hidden U+2066', 'hidden U+2069', 'hidden U+200F']);
    expect(flagged('a\0b\u001bc\r\t')).toEqual(['hidden U+0000', 'hidden U+001B', 'hidden U+000D', 'hidden U+0009']);
    expect(flagged('a\ufe0f a\u200db')).toHaveLength(2);
    expect(flagged('a\u200bb\u2060\ufeff\u00ad\u3164\u{e0041}\u{10ffff}\ue000')).toHaveLength(8);
    expect(flagged('a\u2800b\ufffcc\u{1d159}')).toEqual(['hidden U+2800', 'hidden U+FFFC', 'hidden U+1D159']);
    expect(flagged('a\u00a0b\u2003c\u2028')).toEqual(['hidden U+00A0', 'hidden U+2003', 'hidden U+2028']);
  });

  it('shows letters that look like others', () => {
    expect(flagged('p\u0430ypal')).toEqual(['look-alike U+0430']);
    expect(flagged('NQ46 U6\u0396M')).toEqual(['look-alike U+0396']);
    expect(flagged('\uff30ay \u{1d400} \u2460')).toEqual(['look-alike U+FF30', 'look-alike U+1D400', 'look-alike U+2460']);
    // A mark without width does not part the word.
    expect(flagged('pa\u200b\u0443')).toEqual(['hidden U+200B', 'look-alike U+0443']);
  });

  it('shows marks that draw over other lines', () => {
    expect(flagged(`a${'\u0336'.repeat(5)}`)).toEqual(['hidden U+0336', 'hidden U+0336', 'hidden U+0336']);
  });

  it('with blanks that nobody sees is not clean', () => {
    for (const text of [' a', 'a ', 'a  b', 'a\n\n\n\n\nb']) expect([text, isClean(revealText(text))]).toEqual([text, false]);
  });

  it('is there whole, in order', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        const parts = revealText(text);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        expect(parts.every(({ kind, codePoint }) => (kind === 'plain') === (codePoint === undefined))).toBe(true);
      }),
    );
  });
});
