import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { blockErrorCodes } from '../albatross/chain/rules/codes.ts';
import { codeTexts, textOf } from './texts.ts';

const src = resolve(import.meta.dirname, '..');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/u.test(file) && !/\.test\.tsx?$/u.test(file) && !/(?:fake|fixture)/u.test(file) && !file.startsWith('app'))
  .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }));

const found = (pattern: RegExp) => files.flatMap(({ file, text }) => Array.from(text.matchAll(pattern), (match) => ({ code: match[1] ?? '', file })));

/** Rooms whose errors become `malformed`, `internal` or a rule's code before they reach anybody. */
const inner = /^(?:crypto|albatross\/wire)\//u;

it('every code the client can emit has a text', () => {
  const codes = [
    ...blockErrorCodes.map((code) => ({ code: code as string, file: 'rules/codes.ts' })),
    // Notices and log entries: a level, then a code.
    ...found(/'(?:info|warning|error)',\s*'([a-z0-9-]+)'/gu),
    // Reasons, lies and errors: a field `code`, a `new …Error('code'`, a union of codes.
    ...found(/\b(?:code|lie|reason): '([a-z0-9-]+)'/gu).filter(({ file }) => !inner.test(file)),
    ...found(/new \w+Error\(\s*'([a-z0-9-]+)'/gu).filter(({ file }) => !inner.test(file)),
    ...files
      .filter(({ file }) => !inner.test(file))
      .flatMap(({ file, text }) =>
        Array.from(text.matchAll(/ErrorCode =((?:[^;'"]|'[^']*')*?);/gu)).flatMap((union) => Array.from((union[1] ?? '').matchAll(/'([a-z0-9-]+)'/gu), (match) => ({ code: match[1] ?? '', file }))),
      ),
  ];
  expect(codes.length).toBeGreaterThan(120);
  const missing = codes.filter(({ code }) => !Object.hasOwn(codeTexts, code)).map(({ code, file }) => `${code} (${file})`);
  expect([...new Set(missing)]).toEqual([]);
});

it('codes that are put together have texts', () => {
  const made: Readonly<Record<string, readonly string[]>> = {
    'storage-${': ['unavailable', 'no-answer', 'blocked', 'schema-from-the-future', 'migration-failed', 'quota', 'aborted', 'closed'].map((code) => `storage-${code}`),
    'consensus-${': ['consensus-established', 'consensus-lost', 'consensus-connecting'],
    'peer-${': ['peer-behind', 'peer-ahead', 'peer-other-chain'],
  };
  const begun = found(/'(?:info|warning|error)',\s*`([a-z-]*\$\{)/gu).map(({ code }) => code);
  expect([...new Set(begun)].sort()).toEqual(Object.keys(made).sort());
  expect(Object.values(made).flat().filter((code) => !Object.hasOwn(codeTexts, code))).toEqual([]);
});

it('the client in doubt names the rule in words', () => {
  expect(textOf('client-in-doubt', { rule: 'invalid-skip-proof', height: 251, peers: 4 })).toContain('4 independent peers sent what breaks a rule of this Petrel: “bad skip block proof”.');
});

it('numbers in texts are written as the reader writes them', () => {
  const height = new Intl.NumberFormat().format(3_456_000);
  expect(textOf('consensus-established', { height: 3_456_000 })).toContain(height);
  expect(textOf('no-such-code', { height: 3_456_000 })).toBe(`no such code, height ${height}`);
  expect(textOf('rebranched', { height: 3_456_000, reverted: 1, adopted: 2 })).toContain('1 block reverted, 2 adopted');
});
