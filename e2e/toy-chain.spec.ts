import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { serve } from '../scripts/serve.mjs';
import { packageBin } from '../scripts/setup.mjs';
import type { ToyNetwork } from '../test/toy-chain/counter.ts';
import { ToyNet } from '../test/toy-chain/toy-node.ts';
import { untilEstablished, untilHead } from './support/app.ts';
import { expect, test } from './support/fixtures.ts';

/** Another chain in the same hub, worker, store and page: nothing outside of a chain's folder knows Albatross. */

const root = resolve(import.meta.dirname, '..');
let dist: string;

test.beforeAll(() => {
  dist = mkdtempSync(join(tmpdir(), 'petrel-toy-'));
  const { status, stderr } = spawnSync(process.execPath, [packageBin('vite'), 'build', '--config', join(root, 'test/toy-chain/vite.config.ts'), '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});
test.afterAll(() => rmSync(dist, { recursive: true, force: true }));

interface World {
  readonly net: ToyNet;
  readonly network: ToyNetwork;
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

async function openWorld(): Promise<World> {
  const net = new ToyNet();
  const network = await net.start(3);
  net.produce(23);
  const asked: string[] = [];
  const server = await serve({ directory: dist, files: { '/toy.json': () => JSON.stringify(network) }, onAnswer: (path) => void asked.push(path) });
  return {
    net, network, asked,
    url: `${server.url}?network=/toy.json`,
    close: async () => {
      await server.close();
      await net.close();
    },
  };
}

const headOf = ({ net }: World) => ({ hash: net.blocks.at(-1)!.id });
const hostOf = (page: Page) => page.evaluate(async () => (await petrel!.getStatus()).host);

test('a second chain runs in the same hub, store, tabs and page, and is loaded when it is asked for', async ({ context }) => {
  const world = await openWorld();
  try {
    const page = await context.newPage();
    await page.goto(world.url);
    await untilEstablished(page);
    await untilHead(page, headOf(world));
    world.net.produce(4);
    await untilHead(page, headOf(world));
    await expect(page.getByTestId('verdict')).toHaveAttribute('data-level', 'proven');
    // What the chain counts has no text in the app: its name is shown.
    await expect(page.getByTestId('trust')).toContainText('27 counter steps');
    expect(world.asked.filter((path) => /\/driver-/.test(path))).toHaveLength(1);

    const other = await context.newPage();
    await other.goto(world.url);
    await untilHead(other, headOf(world));
    expect(await hostOf(other)).toMatchObject({ kind: 'shared-worker', tabs: 2, fencing: 1 });
    await other.close();

    await page.goto(`${world.url}#/block/5`);
    await expect(page.getByTestId('block-hash')).toHaveText(world.net.blocks[4]!.id);

    // Without a node the stored chain is there, under a name of its own.
    await world.net.close();
    await page.goto(world.url);
    await untilHead(page, headOf(world));
    expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([`petrel/toy/${world.network.genesisHash.slice(0, 8)}`]);
  } finally {
    await world.close();
  }
});

test('a node of the second chain that lies is banned, and the page says so', async ({ page }) => {
  const world = await openWorld();
  try {
    await page.goto(world.url);
    await untilEstablished(page);
    world.net.lie = { node: 0, change: (bytes) => Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)) };
    world.net.produce(1);
    await expect(page.locator('[data-testid=notice][data-code="peer-banned"]')).toBeVisible();
    await untilHead(page, headOf(world));
  } finally {
    await world.close();
  }
});

test('a build without Albatross has nothing of it in its workers, and says which chains it knows', async ({ page }) => {
  const world = await openWorld();
  try {
    const scripts = readdirSync(join(dist, 'assets')).filter((name) => /^(?:hub|driver)-.*\.js$/.test(name));
    expect(scripts.length).toBeGreaterThan(1);
    const words = scripts.map((name) => /yamux|gossipsub|parentElectionHash|pushMacro|blocksPerBatch/u.exec(readFileSync(join(dist, 'assets', name), 'utf8'))?.[0]);
    expect(words).toEqual(scripts.map(() => undefined));
    await page.goto(world.url.replace('/toy.json', 'unit-albatross'));
    await expect(page.getByTestId('problem')).toHaveAttribute('data-code', 'unknown-chain');
    await expect(page.getByTestId('problem')).toContainText('toy');
  } finally {
    await world.close();
  }
});
