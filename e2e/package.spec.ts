import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { build as esbuild } from 'esbuild';
import { publint } from 'publint';
import { build as viteBuild, createServer } from 'vite';
import { serve } from '../scripts/serve.mjs';
import { fromHex } from '../src/base/bytes.ts';
import { readKeptProofFiles } from '../test/support/kept-proof-files.ts';
import { follow } from './support/package/follow.ts';
import { pack, packedBefore } from './support/package/pack.ts';
import { plainApp, reactApp } from './support/package/projects.ts';
import { codeOf, onLocalNetwork } from './support/package/readme.ts';
import { expect, test } from './support/package/test.ts';

/** The packages that a React project takes from the repository. */
const react = ['react', 'react-dom', 'scheduler', '@types/react', '@types/react-dom'];

/** A network that no client reaches. */
const nowhere = { seeds: '/ip4/127.0.0.1/tcp/1/ws' };

test('is packed twice to the same bytes, without a finding of publint', async () => {
  const packed = packedBefore();
  const home = mkdtempSync(join(tmpdir(), 'petrel-packed-'));
  try {
    const again = await pack(home);
    expect(readFileSync(again.file).equals(readFileSync(packed.file)), 'equal bytes, if npm run pack was run in this state of the sources').toBe(true);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  const { messages } = await publint({ pkgDir: packed.folder, strict: true, pack: false });
  expect(messages).toEqual([]);
});

test('is installed alone, and every entry can be imported on a server', async ({ project }) => {
  const fresh = project({});
  expect(fresh.installed).toEqual(['petrel']);
  await fresh.npm('ls', '--all');
  const { exports, scripts, dependencies } = JSON.parse(readFileSync(join(fresh.folder, 'node_modules/petrel/package.json'), 'utf8')) as { readonly exports: object; readonly scripts?: object; readonly dependencies?: object };
  expect({ scripts, dependencies }).toEqual({});
  const entries = Object.keys(exports).filter((name) => !/react|workers|package\.json/u.test(name)).map((name) => name.replace(/^\./u, 'petrel'));
  expect(await fresh.node('--input-type=module', '--eval', entries.map((name) => `await import('${name}');`).join(' '))).toBe('');
});

test('signs a transaction in Node with the keys alone', async ({ project }) => {
  const fresh = project({
    'sign.js': `import { KeyPair, PrivateKey, Transaction, TransactionBuilder } from 'petrel/keys';
const keys = KeyPair.derive(PrivateKey.fromHex('01'.repeat(32)));
const transaction = TransactionBuilder.newBasic(keys.toAddress(), KeyPair.generate().toAddress(), 5n, 1n, 100, 24);
keys.signTransaction(transaction);
const read = Transaction.fromAny(transaction.toHex());
read.verify(1, 24);
console.log(JSON.stringify([read.toPlain().value, read.hash() === transaction.hash(), 'Worker' in globalThis]));
`,
  });
  expect(JSON.parse(await fresh.node('sign.js'))).toEqual([5, true, false]);
});

test('has the API of the official client', async ({ project, startDevnet, open, watched }) => {
  const devnet = await startDevnet();
  const fresh = project({ 'index.html': '<!doctype html><title>Wallet</title>' });
  const server = await serve({ directory: fresh.folder, onAnswer: watched.onAnswer });
  try {
    const tab = await open(server.url);
    const shown = await tab.evaluate(async (seeds) => {
      const entry = '/node_modules/petrel/dist/nimiq.js';
      const { Client, ClientConfiguration } = (await import(entry)) as typeof import('../src/package/nimiq.ts');
      const config = new ClientConfiguration();
      config.network('UnitAlbatross');
      config.seedNodes(seeds);
      const client = await Client.create(config.build());
      await client.waitForConsensusEstablished();
      return { network: await client.getNetworkId(), head: await client.getHeadBlock(), elected: await client.getElectedValidators() };
    }, devnet.seeds.split(','));
    expect(shown).toMatchObject({ network: 7, head: { hash: devnet.head.hash, height: devnet.head.height, network: 'UnitAlbatross' } });
    expect(shown.elected.reduce((sum, { numSlots }) => sum + numSlots, 0)).toBe(512);
  } finally {
    await server.close();
  }
});

test('A10: disconnectNetwork() in one tab does not stop another; in all tabs it does', async ({ project, startDevnet, open, watched }) => {
  const devnet = await startDevnet();
  const fresh = project({ 'index.html': '<!doctype html><title>Wallet</title>' });
  const server = await serve({ directory: fresh.folder, onAnswer: watched.onAnswer });
  try {
    const tabs = await Promise.all([server.url, server.url].map(open));
    const call = (tab: Page, method: 'connectNetwork' | 'disconnectNetwork') => tab.evaluate((name) => (globalThis as unknown as { readonly nimiq: Record<typeof name, () => Promise<void>> }).nimiq[name](), method);
    const head = (tab: Page) => tab.evaluate(() => (globalThis as unknown as { readonly nimiq: { getHeadHash(): Promise<string> } }).nimiq.getHeadHash());
    for (const tab of tabs) {
      await tab.evaluate(async (seeds) => {
        const entry = '/node_modules/petrel/dist/nimiq.js';
        const { Client, ClientConfiguration } = (await import(entry)) as typeof import('../src/package/nimiq.ts');
        const config = new ClientConfiguration();
        config.network('UnitAlbatross');
        config.seedNodes(seeds);
        const nimiq = await Client.create(config.build());
        await nimiq.waitForConsensusEstablished();
        Object.assign(globalThis, { nimiq });
      }, devnet.seeds.split(','));
    }
    const [first, second] = tabs as [Page, Page];
    await call(second, 'disconnectNetwork');
    // Longer than the hub waits before it lets its peers go.
    for (let i = 0; i < 8; i += 1) {
      await devnet.produce(1);
      await wait(1000);
    }
    await expect.poll(() => head(first)).toBe(devnet.head.hash);
    expect(devnet.since(0, 'connection-close')).toEqual([]);
    await call(first, 'disconnectNetwork');
    await devnet.untilAlone();
    await call(second, 'connectNetwork');
    await devnet.produce(1);
    await expect.poll(() => head(first)).toBe(devnet.head.hash);
  } finally {
    await server.close();
  }
});

test('has a command that verifies a proof file in Node, without a network', async ({ project }) => {
  const [file] = readKeptProofFiles(1);
  const fresh = project({});
  writeFileSync(join(fresh.folder, 'proof.petrel'), fromHex(file?.bytes ?? ''));
  expect(await fresh.node('node_modules/petrel/dist/petrel.js', 'verify', 'proof.petrel')).toMatch(/^Proven: the account NQ/u);
  await expect(fresh.node('node_modules/petrel/dist/petrel.js', 'verify', 'package.json')).rejects.toThrow('Not proven: This is no proof file.');
});

test('has types for every resolution, without those of Node', async ({ project }) => {
  const { 'Chain.tsx': chain = '' } = reactApp(nowhere);
  const fresh = project(
    {
      'Chain.tsx': chain,
      'use.ts': `import { ClientError, createClient, type Client, type Status } from 'petrel';
import { Address, KeyPair, type PlainTransaction } from 'petrel/keys';
import { mainAlbatross } from 'petrel/networks/main-albatross';
import { Address as SameAddress, Client as NimiqClient, ClientConfiguration, type PlainBlock } from 'petrel/nimiq';
import { verifyProofFile, type VerifiedProof } from 'petrel/verify';
import 'petrel/workers/hub.js';

const client: Client = await createClient({ network: mainAlbatross, host: 'elected' });
const stop: () => void = client.on('status', (status: Status) => status.host.build.toUpperCase());
stop();
const nimiq: NimiqClient = await NimiqClient.create(new ClientConfiguration().build());
export const block: PlainBlock = await nimiq.getHeadBlock();
export const account = nimiq.getAccount(SameAddress.fromAny(KeyPair.generate().toAddress()));
export const sent = async (plain: PlainTransaction): Promise<string> => (await nimiq.sendTransaction(plain)).state;
export const same: Address = new SameAddress(new Uint8Array(20));
const { statement }: VerifiedProof = await verifyProofFile(new Uint8Array(0), { trusted: [], minLevel: 'proven' });
export const balance: number | undefined = statement.type === 'account' ? statement.value.balance : undefined;
export const problem = (error: unknown): string | undefined => (error instanceof ClientError ? error.code : undefined);
// @ts-expect-error -- there is no such network
void createClient({ network: 'other' });
`,
    },
    [...react, 'typescript'],
  );
  for (const [module, moduleResolution] of [['esnext', 'bundler'], ['node16', 'node16'], ['nodenext', 'nodenext']]) {
    const compilerOptions = { module, moduleResolution, target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'], jsx: 'react-jsx', strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, types: [] };
    fresh.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['Chain.tsx', 'use.ts'] }));
    expect(await fresh.node('node_modules/typescript/bin/tsc', '-p', '.')).toBe('');
  }
});

for (const { wasm, backEnd } of [{ wasm: " 'wasm-unsafe-eval'", backEnd: 'wasm' }, { wasm: '', backEnd: 'csp' }] as const) {
  test(`follows a network in the page of the README, without a bundler, under a strict policy${wasm && ' with WebAssembly'}`, async ({ project, startDevnet, open, watched }) => {
    const devnet = await startDevnet();
    const [page = ''] = codeOf('src/package/README.md', 'html');
    expect(codeOf('README.md', 'html'), 'the same page in both').toContain(page);
    const html = onLocalNetwork(page, devnet);
    const fresh = project({ 'index.html': html });
    const inline = [...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/gu)].map(([, text = '']) => ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    const policy = `default-src 'none'; script-src 'self'${inline.join('')}${wasm}; worker-src 'self'; connect-src ws: wss:`;
    const server = await serve({ directory: fresh.folder, headers: { 'Content-Security-Policy': policy }, onAnswer: watched.onAnswer });
    try {
      const tab = await open(server.url);
      await tab.evaluate(
        async (options) => {
          const entry = '/node_modules/petrel/dist/index.js';
          const { createClient } = (await import(entry)) as typeof import('../src/package/index.ts');
          globalThis.petrel = await createClient(options);
        },
        { network: 'unit-albatross', seeds: devnet.seeds.split(',') } as const,
      );
      await follow(tab, devnet, backEnd);
      await expect(tab.locator('output')).toHaveText(new RegExp(`^${devnet.head.height} \\(\\w+\\)$`, 'u'));
    } finally {
      await server.close();
    }
  });
}

test('follows a network in a build of Vite, with one client for the hooks under StrictMode', async ({ project, startDevnet, open, watched }) => {
  const devnet = await startDevnet();
  const fresh = project(reactApp(devnet), react);
  await viteBuild({ root: fresh.folder, configFile: false, logLevel: 'error' });
  const server = await serve({ directory: join(fresh.folder, 'dist'), onAnswer: watched.onAnswer });
  try {
    const tab = await open(server.url);
    await follow(tab, devnet, 'wasm');
    await expect(tab.locator('output')).toHaveText(new RegExp(`^${devnet.head.height} \\(\\w+\\)$`, 'u'));
    // The hooks' client, and the test's.
    await expect.poll(() => tab.evaluate(async () => (await petrel!.getStatus()).host.tabs)).toBe(2);
  } finally {
    await server.close();
  }
});

test('follows a network on the development server of Vite, without a setting', async ({ project, startDevnet, open, watched }) => {
  const devnet = await startDevnet();
  const fresh = project(reactApp(devnet), react);
  const server = await createServer({ root: fresh.folder, configFile: false, logLevel: 'error', server: { port: 0, host: '127.0.0.1' } });
  server.middlewares.use((request, response, next) => {
    response.on('finish', () => watched.onAnswer(request.url ?? '/', response.statusCode));
    next();
  });
  await server.listen();
  try {
    const tab = await open(server.resolvedUrls!.local[0]!.replace('127.0.0.1', 'localhost'));
    await follow(tab, devnet, 'wasm');
    await expect(tab.locator('output')).toHaveText(new RegExp(`^${devnet.head.height} \\(\\w+\\)$`, 'u'));
  } finally {
    await server.close();
  }
});

test('follows a network in a build of esbuild as the README tells it', async ({ project, startDevnet, open, watched }) => {
  const devnet = await startDevnet();
  const [script = ''] = codeOf('src/package/README.md', 'js');
  const fresh = project({ ...plainApp(devnet), 'build.js': script }, ['esbuild']);
  await fresh.node('build.js');
  writeFileSync(join(fresh.folder, 'out/index.html'), readFileSync(join(fresh.folder, 'index.html')));
  const server = await serve({ directory: join(fresh.folder, 'out'), onAnswer: watched.onAnswer });
  try {
    await follow(await open(server.url), devnet, 'wasm');
  } finally {
    await server.close();
  }
});

test('names the worker that a bundler has left out', async ({ project, context }) => {
  const fresh = project(plainApp(nowhere));
  const out = join(fresh.folder, 'out');
  const app = readFileSync(join(fresh.folder, 'app.js'), 'utf8').replace(/globalThis\.petrel = await (.*);/su, 'globalThis.failure = $1.catch(({ name, code, data }) => ({ name, code, data }));');
  await esbuild({ stdin: { contents: app, resolveDir: fresh.folder }, absWorkingDir: fresh.folder, outfile: join(out, 'app.js'), bundle: true, minify: true, format: 'esm', target: 'es2022', logLevel: 'error' });
  writeFileSync(join(out, 'index.html'), readFileSync(join(fresh.folder, 'index.html')));
  const refused: string[] = [];
  const server = await serve({ directory: out, onAnswer: (path, status) => void (status === 404 && refused.push(path)) });
  try {
    const tab = await context.newPage();
    await tab.goto(server.url);
    const failure = await tab.evaluate(() => (globalThis as unknown as { readonly failure: Promise<unknown> }).failure);
    expect(failure).toMatchObject({ name: 'ClientError', code: 'worker-failed', data: { url: `${server.url}workers/hub.js` } });
    expect(refused).toContain('/workers/hub.js');
  } finally {
    await server.close();
  }
});
