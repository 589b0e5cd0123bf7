import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { blockErrorCodes } from '../chains/albatross/chain/rules/codes.ts';
import { mayReturn } from '../storage/store-return.ts';
import { codeTexts, textOf } from './texts.ts';

const src = resolve(import.meta.dirname, '..');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/u.test(file) && !/\.test\.tsx?$/u.test(file) && !/(?:fake|fixture)/u.test(file) && !/^(?:app|page|ui|wallet|confirm|embed|widget|vault)\b/u.test(file))
  .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }));

const found = (pattern: RegExp) => files.flatMap(({ file, text }) => Array.from(text.matchAll(pattern), (match) => ({ code: match[1] ?? '', file })));

/**
 * Folders whose errors become `malformed`, `internal`, `wrong-proof` or a rule's code before they are shown; questions, for which the page of an
 * account has its own texts; and entries of the package, which have no page.
 */
const inner = /^(?:crypto|keys|nimiq|verify|base\/(?:postcard|bytes)|chains\/(?:hotstuff2|stacks)\/(?:wire|proofs)|chains\/albatross\/(?:wire|proofs|proof-file|transactions|client\/questions)|engine\/questions)\b/u;

it('every code outside the closed lists has a text, too', () => {
  const codes = [
    ...blockErrorCodes.map((code) => ({ code: code as string, file: 'rules/codes.ts' })),
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

it('the text of a client in doubt names the rule in words', () => {
  expect(textOf('client-in-doubt', { rule: 'invalid-skip-proof', height: 251, peers: 4 })).toContain('4 independent peers sent what breaks a rule of this Petrel: “bad skip block proof”.');
});

it('the text of a wrong setting names the setting once', () => {
  const told = textOf('bad-settings', { reason: 'wrong-value', setting: 'witnesses', from: 'url', message: 'witnesses: expected a number' });
  expect(told).toBe('The setting “witnesses” has a value that it does not take: expected a number. Correct “witnesses” in the address, or take it out.');
});

it("numbers in texts use the reader's number format", () => {
  const height = new Intl.NumberFormat().format(3_456_000);
  expect(textOf('consensus-established', { height: 3_456_000 })).toContain(height);
  expect(textOf('no-such-code', { height: 3_456_000 })).toBe(`no such code, height ${height}`);
  expect(textOf('rebranched', { height: 3_456_000, reverted: 1, adopted: 2 })).toContain('1 block reverted, 2 adopted');
});

it('the text of a failed store promises a retry only where there is one', () => {
  const reasons = ['aborted', 'blocked', 'closed', 'internal', 'lost', 'migration-failed', 'no-answer', 'quota', 'schema-from-the-future', 'stale-owner', 'unavailable'];
  const triedAgain = reasons.filter((reason) => /tries again|goes on storing/u.test(textOf('storage-given-up', { reason })));
  expect(triedAgain).toEqual(reasons.filter(mayReturn));
});

it('a fact of any length is truncated', () => {
  expect(textOf('unknown-network', { name: 'x'.repeat(5_000) }).length).toBeLessThan(600);
});

it('the text of a stale head that moves does not claim that no block comes', () => {
  expect(textOf('head-stale', { seconds: 70 })).toContain('No new block for 70 seconds');
  expect(textOf('head-stale', { seconds: 70, by: 'age' })).toMatch(/^The newest block is 70 seconds old by the clock of this device.*clock is ahead/u);
});

it('the text of a missing worker file does not blame the browser', () => {
  for (const reason of ['Uncaught TypeError: Failed to fetch dynamically imported module: http://x/a.js', 'TypeError: error loading dynamically imported module: http://x/a.js', 'TypeError: Importing a module script failed.'])
    expect(textOf('worker-failed', { reason })).toMatch(/could not be loaded.*Reload the page\.$/u);
  expect(textOf('worker-failed', { reason: 'Uncaught boom' })).toContain('use a current browser');
});

it('issue 12: says that many peers are in too few networks', () => {
  expect(textOf('few-networks', { peers: 5, networks: 1, cheap: 0, wanted: 3 })).toMatch(/^5 peers have named a starting point, but they count as 1 network; 3 are wanted\. Petrel waits/u);
  expect(textOf('few-networks', { peers: 5, networks: 2, cheap: 4, wanted: 3 })).toContain('Of 4 of them only host names or IPv6 addresses are known, and one person can have many of these.');
  expect(textOf('few-networks', { peers: 4, networks: 1, cheap: 4, wanted: 3 })).toContain('Only host names or IPv6 addresses are known of them,');
  expect(textOf('few-networks', { peers: 1, networks: 1, cheap: 1, wanted: 3 })).toMatch(/^1 peer has named a starting point, and 3 in different networks are wanted\. Petrel/u);
});
