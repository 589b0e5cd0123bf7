import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chains } from '../src/chains/registry.ts';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { headersFile } from '../scripts/headers.mjs';
import { Deploy } from './support/deploy.ts';
import { expect, test } from './support/fixtures.ts';

const dist = resolve(import.meta.dirname, '../dist');
const assets = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'));
const text = (name: string) => readFileSync(join(dist, 'assets', name), 'utf8');

/** Texts that survive minification: protocol names of libp2p, and the trace of MNT6-753, which is the loop count of its pairing. */
const network = ['/yamux/1.0.0', '/meshsub/1.2.0', '/nimiq/discovery/0.0.1'];
const curve = '204691208819330962009469868104636132783269696790011977400223898462431810102935615891307667367766898917669754470400';
/** A rule of the public suffix list that no other text holds. */
const publicSuffix = 'kunigami';
/** The minifier may write a big number in hexadecimal. */
const curveHex = BigInt(curve).toString(16);
const hasCurve = (code: string) => code.includes(curve) || code.toLowerCase().includes(curveHex);

test("the page's files contain neither the network code nor the curve, and the workers' files do", () => {
  // The drivers of other chains have neither, as the page's files.
  const otherDrivers = assets.filter((name) => name.startsWith('driver-') && !text(name).includes('/nimiq/discovery/0.0.1'));
  expect(otherDrivers).toHaveLength(Object.keys(chains).length - 1);
  const workers = assets.filter((name) => /^(?:hub|driver|verifier)-/u.test(name) && !otherDrivers.includes(name));
  // The verifier of proof files has the curve too. It is loaded when a file is opened: neither the page nor what it starts with names it.
  const offline = assets.filter((name) => name.startsWith('verify-'));
  expect(offline.filter((name) => hasCurve(text(name)))).toHaveLength(1);
  const index = readFileSync(join(dist, 'index.html'), 'utf8');
  const first = Array.from(index.matchAll(/\/assets\/([^"]+\.js)"/gu), ([, name]) => text(name!).replaceAll(/import\((?:[^()]|\([^()]*\))*\)/gu, ''));
  expect(first.length).toBeGreaterThan(1);
  for (const source of [index, ...first]) expect(source).not.toMatch(/(?:from|import)\s*"[^"]*verify-|\/verify-/u);
  const pages = assets.filter((name) => !workers.includes(name) && !offline.includes(name));
  expect(workers.length).toBe(3);
  // The pump is one of the files without network code. Only a hub with a relay loads the code for links between browsers.
  expect(pages.filter((name) => name.startsWith('pump-'))).toHaveLength(1);
  expect(assets.filter((name) => text(name).includes('/libp2p/circuit/relay/0.2.0/hop')).map((name) => name.replace(/-.*/u, ''))).toEqual(['webrtc']);
  expect(pages.length).toBeGreaterThan(0);
  for (const name of pages) {
    for (const word of network) expect(text(name).includes(word), `${name}: ${word}`).toBe(false);
    expect(hasCurve(text(name)), `${name}: curve`).toBe(false);
  }
  // The hub's own file knows no chain, and no network.
  for (const word of network) expect(workers.filter((name) => text(name).includes(word)).map((name) => name.replace(/-.*/u, '')), word).toEqual(['driver']);
  // The public suffix list comes only to a hub that meets a name of an unknown operator.
  expect(assets.filter((name) => text(name).includes(publicSuffix)).map((name) => /^(?:hub|driver)-/u.test(name))).toEqual([false]);
  for (const name of workers.filter((each) => !each.startsWith('driver-'))) expect(hasCurve(text(name)), `${name}: curve`).toBe(true);
  // A verifying key is loaded with its network, not with every page.
  const key = unitAlbatross.zkp!.verifyingKey.slice(0, 100);
  expect(pages.filter((name) => text(name).includes(key)).length).toBe(1);
  expect(readFileSync(join(dist, 'index.html'), 'utf8')).not.toContain(pages.find((name) => text(name).includes(key)));
});

/** Texts of the other chains that survive minification: protocol, formats of blocks and files, and the words of their parts of the page. */
const otherChains: Readonly<Record<string, readonly string[]>> = {
  'HotStuff-2': ['hs2-sync.1', 'hs2-light/1', 'HS2PROOF', 'the two-chain rule'],
  Moloch: ['moloch-ext.1', 'moloch-ext/1 ack', 'moloch-ext/1 state', 'MSNAP001'],
  Stacks: ['STXPROOF', 'cycle-signer-set', 'vm-account::', 'Bitcoin anchoring', '0123456789ABCDEFGHJKMNPQRSTVWXYZ'],
};

for (const [chain, words] of Object.entries(otherChains)) {
  test(`nothing of ${chain} is in what a page, its workers or the driver of Albatross load`, () => {
    const has = (word: string) => assets.filter((name) => text(name).includes(word));
    for (const word of words) expect(has(word).length, word).toBeGreaterThan(0);
    const index = readFileSync(join(dist, 'index.html'), 'utf8');
    const first = Array.from(index.matchAll(/\/assets\/([^"]+\.js)"/gu), ([, name]) => name!);
    const started = assets.filter((name) => /^(?:hub|verifier|pump)-/u.test(name) || (name.startsWith('driver-') && text(name).includes('/meshsub/1.2.0')));
    const loaded = new Set([...first, ...started]);
    // What a file imports is loaded with it; `import(…)` is not.
    for (const name of loaded) for (const [, next] of text(name).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/gu)) loaded.add(next!);
    expect(loaded.size).toBeGreaterThan(started.length + 2);
    expect([...loaded].filter((name) => words.some((word) => text(name).includes(word)))).toEqual([]);
  });
}

test('the build has the headers file, and nothing inline', () => {
  expect(readFileSync(join(dist, '_headers'), 'utf8')).toBe(headersFile());
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/u);
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/u);
});

test('the build has the licences of all packages in page and workers, and the page links to them', async ({ startDevnet, openApp, site }) => {
  const page = await openApp(await startDevnet('--seed', 'licences'));
  const link = page.getByRole('contentinfo').getByRole('link', { name: 'Licences' });
  await expect(link).toHaveAttribute('href', '/licences.txt');
  const answer = await page.request.get(`${site.url}licences.txt`);
  expect(answer.headers()['content-type']).toContain('text/plain');
  const licences = await answer.text();
  expect(licences.trimStart()).toMatch(/^Apache License/u);
  // One package each of the page, the hub, the verifier, and the script that a hub loads later.
  for (const name of ['react-dom', 'libp2p', '@noble/curves', '@libp2p/webrtc']) expect(licences).toMatch(new RegExp(`^${name} \\d`, 'mu'));
  expect(licences).not.toContain('vitest');
});

test('the builder chooses the network of an address that names none, and a wrong name fails the build', async ({ page, site }) => {
  const nobody = new URLSearchParams({ seeds: '/ip4/127.0.0.1/tcp/9/ws' }).toString();
  await page.goto(`${site.url}?${nobody}`);
  await expect(page.getByTestId('development')).toContainText('Development network');
  const deploy = new Deploy();
  try {
    expect(() => deploy.buildLater({ PETREL_NETWORK: 'nonsense' })).toThrow(/PETREL_NETWORK is 'nonsense'/u);
    const url = await deploy.start();
    deploy.put(deploy.buildLater({ PETREL_NETWORK: 'test-albatross' }));
    await page.goto(`${url}?${nobody}`);
    await expect.poll(() => page.evaluate(() => globalThis.petrel?.getStatus().then(({ network }) => network.name))).toBe('test-albatross');
    await expect(page.getByTestId('development')).toHaveCount(0);
  } finally {
    await deploy.end();
  }
});
