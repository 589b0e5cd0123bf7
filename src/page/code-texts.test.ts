import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { loadCodeTexts } from '../app/chains/load-code-texts.ts';
import { blockErrorCodes } from '../chains/albatross/chain/rules/codes.ts';
import { mayReturn } from '../storage/store-return.ts';
import { type CodeTexts, codeTexts, sentenceOf, takeCodeTexts, textOf } from './code-texts.ts';

const src = resolve(import.meta.dirname, '..');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/u.test(file) && !/\.test\.tsx?$/u.test(file) && !/(?:fake|fixture)/u.test(file) && !/^(?:app|page|ui|wallet|confirm|embed|widget|vault)\b/u.test(file))
  .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }));

/**
 * Folders whose errors become `malformed`, `internal`, `wrong-proof` or a rule's code before they are shown; questions, for which the page of an
 * account has its own texts; entries of the package, which have no page; and Stacks over TCP, which browsers do not have.
 */
const inner = /^(?:crypto|keys|nimiq|verify|chains\/stacks\/wire|base\/(?:postcard|big-endian|bytes)|chains\/hotstuff2\/(?:wire\/(?!wire-error)|store\/chain-record)|chains\/stacks\/(?:proofs\/proof-file|net\/(?:inventory-sync|peer-connection))|chains\/albatross\/(?:wire|proofs|proof-file|transactions|client\/questions)|engine\/questions)\b/u;

/** Codes in files: of errors, reasons, faults and lies, and those of the unions of codes. Comments do not count. */
const codesIn = (wanted: (file: string) => boolean) =>
  files.filter(({ file }) => wanted(file) && !inner.test(file)).flatMap(({ file, text }) => {
    const bare = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gmu, '');
    const matches = (source: string, pattern: RegExp) => Array.from(source.matchAll(pattern), (match) => match[1] ?? '');
    return [
      ...matches(bare, /\b(?:code|lie|reason): '([a-z0-9-]+)'/gu),
      ...matches(bare, /(?:new \w+(?:Error|Fault)|\blie|\bfaultOf|\brefused|\bfail|#broken)\(\s*(?:(?:id|undefined), )?'([a-z0-9-]+)'/gu),
      ...matches(bare, /type \w*Code\w* =((?:[^;'"]|'[^']*')*?);/gu).flatMap((union) => matches(union, /'([a-z0-9-]+)'/gu)),
    ].map((code) => ({ code, file }));
  });

const chainOf = (file: string) => (/^(?:engine\/(?:sync|follow)|network\/framed)\//u.test(file) ? 'followed' : /^chains\/(hotstuff2|moloch|stacks)\//u.exec(file)?.[1]);
const missing = (codes: readonly { readonly code: string; readonly file: string }[], own: CodeTexts = {}) =>
  [...new Set(codes.filter(({ code }) => ![own, codeTexts].some((texts) => Object.hasOwn(texts, code))).map(({ code, file }) => `${code} (${file})`))];

it('every code outside the closed lists has a text, too', () => {
  const codes = [...blockErrorCodes.map((code) => ({ code: code as string, file: 'rules/codes.ts' })), ...codesIn((file) => chainOf(file) === undefined)];
  expect(codes.length).toBeGreaterThan(120);
  // `not-macro` is told as `wrong-block`.
  expect(missing(codes)).toEqual(['not-macro (chains/albatross/sync/ask/asker.ts)']);
});

it.each([['followed', 20], ['hotstuff2', 80], ['moloch', 80], ['stacks', 40]])('every code of %s has a text, of its own or a common one, and no text is without a code', async (chain, least) => {
  const own = await loadCodeTexts(chain);
  const codes = codesIn((file) => chainOf(file) === chain);
  expect(codes.length).toBeGreaterThan(least);
  expect(missing(codes, own)).toEqual([]);
  const sources = files.filter(({ file }) => file.startsWith('engine/live/') || ['followed', chain].includes(chainOf(file) ?? ''));
  expect(Object.keys(own).filter((code) => !sources.some(({ text }) => text.includes(`'${code}'`)))).toEqual([]);
  // They continue a sentence: "block 5 refused: …".
  expect(Object.values(own).filter((text) => typeof text === 'string' && !/^[a-z][^.]*[^.]$/u.test(text))).toEqual([]);
});

it('of Stacks, why the client is not live is told of gateways', async () => {
  const why = ['asleep', 'no-seeds', 'seeds-no-websocket', 'seeds-insecure', 'seeds-other-network', 'peers-refuse', 'peers-banned', 'no-peers', 'slow-line', 'few-peers', 'peers-silent', 'no-agreement', 'head-stale', 'peer-banned'];
  takeCodeTexts(await loadCodeTexts('stacks'));
  try {
    const texts = why.flatMap((code) => ['age', 'still'].map((by) => textOf(code, { by, seconds: 90, peer: 'http://a:1', reason: 'state', seeds: 1, address: 'http://b' })));
    expect(texts.filter((text) => /peer/iu.test(text) || !/gateway/iu.test(text))).toEqual([]);
  } finally {
    takeCodeTexts({});
  }
});

it('a person who is asked for other addresses of peers is not told of seeds', () => {
  for (const code of ['peers-refuse', 'peers-banned', 'no-peers', 'few-peers', 'settings-not-in-force']) expect(textOf(code)).not.toMatch(/seeds/u);
});

it('the texts of the page’s chain go before the common ones', async () => {
  expect(textOf('qc-quorum')).toBe('qc quorum');
  takeCodeTexts(await loadCodeTexts('hotstuff2'));
  try {
    expect(textOf('block-rejected', { height: 5, rule: 'qc-quorum' })).toBe('block 5 refused: the certificate has too few votes');
    expect(textOf('bad-network', { reason: 'validators-hash', message: 'm' })).toContain('cannot be used. The list of validators is not the one that the genesis header names. (m)');
    expect(textOf('other-network')).toBe('belongs to another network');
    expect(textOf('timeout')).toBe('did not answer in time');
  } finally {
    takeCodeTexts(await loadCodeTexts('albatross'));
  }
  expect(textOf('other-network')).toBe('The snapshot is of another network.');
});

it('a text becomes a sentence', () => {
  expect(['cannot be read', 'It is JSON.', 'why?', ''].map(sentenceOf)).toEqual(['Cannot be read.', 'It is JSON.', 'Why?', '.']);
});

it('the text of a client in doubt names the rule in words', () => {
  expect(textOf('client-in-doubt', { rule: 'invalid-skip-proof', height: 251, peers: 4 })).toContain('4 independent peers sent what breaks a rule of this Petrel: “bad skip block proof”.');
  expect(textOf('client-in-doubt', { rule: 'invalid-skip-proof', height: 251, peers: 4, rules: 2 })).toContain('4 independent peers sent what breaks rules of this Petrel, above all “bad skip block proof”.');
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
