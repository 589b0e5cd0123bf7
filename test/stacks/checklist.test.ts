import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const doc = readFileSync('docs/stacks.md', 'utf8');
const rows = doc.slice(doc.indexOf('## The checklist')).match(/^\|(?! item|---).*\|$/gmu) ?? [];

/** The items of the chapter, as the Stacks reference has them in section 13. */
const items = [
  'InvState', 'PeerBlocksInv', 'GetPoxInv / PoxInv', 'GetBlocksInv / BlocksInv', 'GetNakamotoInv / NakamotoInv', 'NakamotoInvStateMachine', 'NakamotoTenureInv', 'InvGenerator caching',
  'BlockDownloader (2.x)', 'NakamotoDownloadStateMachine Confirmed / Unconfirmed', 'WantedTenure', 'TenureStartEnd', 'NakamotoTenureDownloader states', 'DownloaderSet', 'unconfirmed downloader',
  'PeerNetworkWorkState order', 'AntiEntropy', 'Prune', 'burst mode', 'edge 1: both machines in the transition', 'edge 2: tenure boundary unknown', 'edge 3: reward set gate',
  'edge 4: stale inventory', 'edge 5: backward fetch', 'edge 6: CHECK_UNCONFIRMED_TENURES_MS = 1000',
];

/** File and name of each test in the last cell of a row. A name without a file is of the file before it. */
function testsOf(row: string): readonly { readonly file: string; readonly name: string }[] {
  let file = '';
  return row.split('|').at(-2)!.split('; ').map((part) => {
    const [left, right] = part.trim().split(' › ');
    const isFile = /^(?:stx|dev|src|test|e2e)\/\S+$/u.test(left!);
    if (isFile) file = left!;
    return { file, name: right ?? (isFile ? '' : left!) };
  });
}

/** The names of the tests and groups in a file: texts that a function follows, whatever a comment says. */
function namesIn(file: string): readonly string[] {
  const path = file.replace(/^stx\//u, 'src/chains/stacks/').replace(/^dev\//u, 'devnet/stacks/');
  const found = [`${path}.test.ts`, `${path}.spec.ts`].find((it) => existsSync(it));
  if (found === undefined) throw new Error(`no test file ${file}`);
  const source = readFileSync(found, 'utf8');
  if (/\b(?:it|test|describe)\.(?:skip|todo|only)\b/u.test(source)) throw new Error(`a test of ${file} is left out`);
  return Array.from(source.matchAll(/'((?:[^'\\\n]|\\.)*)', (?:\{[^}]*\}, )?(?:async )?\(/gu), ([, name]) => name!.replaceAll(String.raw`\'`, "'"));
}

describe('the checklist of docs/stacks.md', () => {
  it('has every item of the chapter, in its order', () => {
    expect(rows.slice(0, items.length).map((row) => row.split('|')[1]!.trim())).toEqual(items);
  });

  it.each(rows)('%s', (row) => {
    const named = testsOf(row).map((it) => ({ ...it, names: namesIn(it.file) }));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ name, names }) => name !== '' && !names.some((it) => it.includes(name))).map(({ file, name }) => `${file} › ${name}`)).toEqual([]);
  });
});
