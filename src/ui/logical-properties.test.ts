import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '..');
const rooms = ['ui', 'wallet', 'embed', 'confirm'];

/** Declarations that name a side of the screen, and stay there when the text runs from right to left. */
const physical = [
  /[\w-]*-(?:left|right)\b[\w-]*\s*:[^;]*/gu,
  /(?<![\w-])(?:left|right)\s*:[^;]*/gu,
  /(?:text-align|float|clear)\s*:\s*(?:left|right)\b/gu,
  /\bto (?:left|right)\b/gu,
];
/** Top, right, bottom and left, with another value at the left than at the right. */
const fourSides = /(?:margin|padding|inset)\s*:\s*(\S+) (\S+) (\S+) ([^\s;]+)\s*;/gu;

it.each(rooms)('no style of %s names left or right: it must also serve text from right to left', (room) => {
  const files = readdirSync(join(src, room), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.css'));
  expect(files).not.toEqual([]);
  const found = files.flatMap((file) => {
    const text = readFileSync(join(src, room, file), 'utf8').replaceAll(/\/\*.*?\*\//gsu, '');
    const sides = Array.from(text.matchAll(fourSides)).filter(([, , right, , left]) => right !== left);
    return [...physical.flatMap((pattern) => Array.from(text.matchAll(pattern))), ...sides].map(([declaration]) => `${file}: ${declaration.trim()}`);
  });
  expect(found).toEqual([]);
});
