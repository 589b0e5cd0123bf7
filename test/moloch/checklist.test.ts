import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const doc = readFileSync('docs/moloch.md', 'utf8');
const begin = doc.indexOf('## The checklist');
const rows = doc.slice(begin).match(/^\|(?! item| #|---).*\|$/gmu) ?? [];

/** File and name of each test in the last cell of a row. A name without a file is of the file before it; an ellipsis stands for any text. */
function testsOf(row: string): readonly { readonly file: string; readonly name: string }[] {
  let file = '';
  return row.split('|').at(-2)!.split(';').flatMap((part) => {
    const [left, right] = part.trim().split(' › ');
    if (right !== undefined || /^(?:mol|src|test|e2e)\//u.test(left!)) file = left!;
    return left === '' ? [] : [{ file, name: (right ?? (file === left ? '' : left!)).replace(/ \(.*\)$/u, '') }];
  });
}

function sourceOf(file: string): string {
  const path = file.replace(/^mol\//u, 'src/chains/moloch/');
  const found = [`${path}.test.ts`, `${path}.spec.ts`].find((it) => existsSync(it));
  if (found === undefined) throw new Error(`no test file ${file}`);
  return readFileSync(found, 'utf8').replaceAll(String.raw`\'`, "'");
}

describe('the checklist of docs/moloch.md', () => {
  it('has the 12 holes', () => {
    expect(rows.length).toBeGreaterThan(50);
    const holes = rows.slice(rows.findIndex((row) => row.startsWith('| 1 |'))).flatMap((row) => row.split('|')[1]!.split(','));
    expect(holes.map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it.each(rows)('%s', (row) => {
    for (const { file, name } of testsOf(row)) {
      const source = sourceOf(file);
      for (const part of name.split('…')) expect(source, `${file} › ${name}`).toContain(part);
    }
  });
});
