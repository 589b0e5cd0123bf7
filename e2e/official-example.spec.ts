import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { nimiq } from '@nimiq/core/vite';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { serve } from '../scripts/serve.mjs';
import { KeyPair } from '../src/keys/key-pair.ts';
import { PrivateKey } from '../src/keys/private-key.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { expect, test } from './support/package/test.ts';

const IMPORT = `import * as Nimiq from '@nimiq/core';\n`;
const html = readFileSync(join(import.meta.dirname, 'support/package/example/index.html'), 'utf8');
const script = readFileSync(join(import.meta.dirname, 'support/package/example/main.js'), 'utf8');
const VALIDATOR = 'NQ20 TSB0 DFSM UH9C 15GQ GAGJ TTE4 D3MA 859E';
const FRIEND = 'NQ32 144G J289 144G J289 144G J289 144G J289';
/** Who stakes in the official client's page: an account can become a staker only once. */
const second = KeyPair.derive(new PrivateKey(new Uint8Array(32).fill(5)));
/** Milliseconds between two blocks, as long as the network goes on. The client calls itself stale without new blocks. */
const BLOCK_TIME = 1000;

interface Shown {
  readonly consensus: string;
  readonly network: string;
  readonly account: unknown;
  readonly heads: readonly { readonly hash: string; readonly height: number; readonly type: string; readonly reason: string }[];
  readonly told: readonly { readonly transactionHash: string; readonly state: string }[];
  readonly sent: unknown;
  readonly staked: unknown;
  readonly error: string;
}

test('a page from the official examples runs with only its import changed', async ({ project, startDevnet, open }) => {
  const devnet = await startDevnet('--peers', '4');
  const [ours, theirs] = [script.replace(IMPORT, `import * as Nimiq from 'petrel/nimiq';\n`), script];
  expect(differentLines(ours, theirs), 'the import').toEqual([[`import * as Nimiq from 'petrel/nimiq';`, IMPORT.trim()]]);
  const folders = [ours, theirs].map((text) => project({ 'index.html': html, 'main.js': text }, text === ours ? [] : ['@nimiq/core']).folder);
  // The official client needs the plugin that its documentation names.
  for (const [i, root] of folders.entries()) await build({ root, configFile: false, logLevel: 'error', plugins: i === 0 ? [] : nimiq(), build: { target: 'esnext' } });
  const servers = await Promise.all(folders.map((root) => serve({ directory: join(root, 'dist'), headers: {} })));
  const [payer] = devnet.started.accounts;
  await devnet.command({ do: 'send', from: 0, to: second.toAddress().toPlain(), value: 20_000_000, fee: 0 });
  const query = new URLSearchParams([['network', 'UnitAlbatross'], ['account', payer!.address], ['friend', FRIEND], ...devnet.seeds.split(',').map((seed) => ['seed', seed] as [string, string])]);
  const production = producing(devnet);
  try {
    const pages = await Promise.all(servers.map(({ url }) => open(`${url}?${query.toString()}`)));
    await both(pages, async (page) => {
      await expect(page.locator('#consensus')).toHaveText('established');
      await expect(page.locator('#head')).not.toBeEmpty();
      await expect(page.locator('#account')).not.toBeEmpty();
    });
    const [our, their] = await both(pages, shown);
    expect(our!.account).toEqual(their!.account);
    expect([our!.consensus, our!.network]).toEqual(['established', '7']);

    // Each sends a payment with a message and one without, then a stake.
    for (const [i, message] of ['Thank you', ''].entries()) {
      await both(pages, async (page, of) => {
        await fill(page, 'pay', { key: payer!.privateKey, recipient: FRIEND, amount: `${1000 + 10 * i + of}`, message: message && `${message} ${of}` });
        await expect.poll(async () => (await shown(page)).sent).toMatchObject({ value: 1000 + 10 * i + of, state: 'included' });
      });
    }
    await both(pages, async (page, of) => {
      await fill(page, 'stake', { key: of === 0 ? payer!.privateKey : second.privateKey.toHex(), delegation: VALIDATOR, amount: '10000000' });
      await expect.poll(async () => (await shown(page)).staked).toMatchObject({ value: 10_000_000, state: 'included', data: { type: 'create-staker', delegation: VALIDATOR } });
    });

    // The network stands still, so that both answer for the same head.
    await production.stop();
    await both(pages, (page) => expect.poll(async () => (await shown(page)).heads.at(-1)?.hash).toBe(devnet.head.hash));
    await both(pages, (page) => fill(page, 'look', { address: FRIEND, staker: payer!.address }));
    const found = await both(pages, async (page) => {
      await expect(page.locator('#found')).not.toBeEmpty();
      return JSON.parse((await page.locator('#found').textContent()) ?? '') as { readonly transactions: readonly unknown[]; readonly account: unknown; readonly staker: unknown };
    });
    expect(found[0]).toEqual(found[1]);
    expect(found[0]).toMatchObject({ account: { type: 'basic', balance: 4 * 1000 + 20 + 2 }, staker: { balance: 10_000_000, delegation: VALIDATOR }, receipts: 4, book: true });
    expect(found[0]!.transactions).toHaveLength(4);

    const [end, other] = await both(pages, shown);
    expect([end!.error, other!.error]).toEqual(['', '']);
    expect(end!.sent).toMatchObject({ sender: payer!.address, recipient: FRIEND, network: 'unitalbatross' });
    expect(Object.keys(end!.sent as object).toSorted()).toEqual(Object.keys(other!.sent as object).toSorted());
    expect(new Set(end!.told.map(({ transactionHash }) => transactionHash))).toEqual(new Set(other!.told.map(({ transactionHash }) => transactionHash)));
    // The official client tells of a macro block twice: `extended`, then `finalized`. `docs/wallets.md` has the difference.
    const from = Math.max(end!.heads[0]!.height, other!.heads[0]!.height);
    const list = (heads: Shown['heads']) => heads.filter(({ height, type, reason }) => height >= from && !(type === 'macro' && reason === 'extended'));
    expect(list(end!.heads).length).toBeGreaterThan(5);
    expect(list(end!.heads)).toEqual(list(other!.heads));
  } finally {
    await production.stop();
    await Promise.all(servers.map((server) => server.close()));
  }
});

/** The page of ours first, then the official one, at once. */
function both<T>(pages: readonly Page[], action: (page: Page, of: number) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(pages.map(action));
}

async function fill(page: Page, form: string, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await page.locator(`#${form} [name=${name}]`).fill(value);
  await page.locator(`#${form} button`).click();
}

function shown(page: Page): Promise<Shown> {
  return page.evaluate(() => {
    const text = (id: string) => document.querySelector(`#${id}`)?.textContent ?? '';
    const value = (id: string) => (text(id) === '' ? undefined : (JSON.parse(text(id)) as unknown));
    const list = (id: string) => [...document.querySelectorAll(`#${id} li`)].map((entry) => JSON.parse(entry.textContent ?? '') as never);
    return { consensus: text('consensus'), network: text('network'), account: value('account'), heads: list('heads'), told: list('told'), sent: value('sent'), staked: value('staked'), error: text('error') };
  });
}

/** Makes one block after the other. */
function producing(devnet: DevnetProcess): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const done = (async () => {
    while (!stopped.signal.aborted) {
      await devnet.produce(1);
      await wait(BLOCK_TIME);
    }
  })();
  return {
    stop: () => {
      stopped.abort();
      return done;
    },
  };
}

function differentLines(one: string, other: string): readonly (readonly [string | undefined, string | undefined])[] {
  const [lines, others] = [one.split('\n'), other.split('\n')];
  return Array.from({ length: Math.max(lines.length, others.length) }, (_, i) => [lines[i], others[i]] as const).filter(([line, of]) => line !== of);
}
