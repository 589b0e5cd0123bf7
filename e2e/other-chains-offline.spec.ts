import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serve } from '../scripts/serve.mjs';
import { packageBin } from '../scripts/setup.mjs';
import { ToyNet } from '../test/toy-chain/toy-node.ts';
import { untilEstablished, untilHead } from './support/app.ts';
import { expect, test } from './support/fixtures.ts';

/** The files of the build that only other chains than Albatross load, on a page whose hub follows the toy chain under the name of Moloch. */

const root = resolve(import.meta.dirname, '..');
let dist: string;

test.use({ serviceWorkers: 'allow' });

test.beforeAll(() => {
  dist = mkdtempSync(join(tmpdir(), 'petrel-other-chain-'));
  const { status, stderr } = spawnSync(process.execPath, [packageBin('vite'), 'build', '--config', join(root, 'test/toy-chain/vite.config.ts'), '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});
test.afterAll(() => rmSync(dist, { recursive: true, force: true }));

test('a page of another chain opens from what its first visit stored; the files of other chains are stored for nobody else', async ({ page }) => {
  const net = new ToyNet();
  const network = { ...(await net.start(2)), chain: 'moloch' };
  net.produce(5);
  const server = await serve({ directory: dist, files: { '/own.json': () => JSON.stringify(network) } });
  const stored = () => page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat().join(' '));
  try {
    // A network that cannot be used: the page follows no chain, and its service worker stores the common files.
    await page.goto(`${server.url}?network=/none.json`);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    expect(await stored()).toMatch(/hub-/u);
    expect(await stored()).not.toMatch(/moloch|hotstuff2|bls12-381|run-signatures/u);

    await page.goto(`${server.url}?network=/own.json`);
    await untilEstablished(page);
    await untilHead(page, { hash: net.blocks.at(-1)!.id });
    await expect.poll(stored).toMatch(/moloch-codes.*bls12-381|bls12-381.*moloch-codes/u);
    // When the only tab is closed, the hub writes everything.
    await page.goto('about:blank');
  } finally {
    await server.close();
    await net.close();
  }
  await page.goto(`${server.url}?network=/own.json`);
  await untilHead(page, { hash: net.blocks.at(-1)!.id });
  await expect(page.getByTestId('finality')).toContainText(/more than two thirds of the validators have signed it/u);
});
