import { resolve } from 'node:path';
import { serve } from '../scripts/serve.mjs';
import { untilHead } from './support/app.ts';
import { expect, test } from './support/fixtures.ts';
import { untilLive } from './support/other-chain.ts';

/** The files of the build that only other chains than Albatross load. */

const dist = resolve(import.meta.dirname, '../dist');

test.use({ serviceWorkers: 'allow' });

test('a page of another chain opens from what its first visit stored; the files of other chains are stored for nobody else', async ({ page, startChain }) => {
  const { net } = await startChain('moloch', '--blocks', '5');
  const server = await serve({ directory: dist, files: { '/own.json': () => net.networkFile } });
  const stored = () => page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat().join(' '));
  try {
    // A network that cannot be used: the page follows no chain, and its service worker stores the common files.
    await page.goto(`${server.url}?network=/none.json`);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    expect(await stored()).toMatch(/hub-/u);
    expect(await stored()).not.toMatch(/moloch|hotstuff2|bls12-381|run-signatures/u);

    await page.goto(`${server.url}?network=/own.json&staleBlocks=100000`);
    await untilLive(page, net);
    await expect.poll(stored).toMatch(/moloch-codes.*bls12-381|bls12-381.*moloch-codes/u);
    // When the only tab is closed, the hub writes everything.
    await page.goto('about:blank');
  } finally {
    await server.close();
  }
  await page.goto(`${server.url}?network=/own.json&staleBlocks=100000`);
  await untilHead(page, net.head);
  await expect(page.getByTestId('finality')).toContainText(/more than two thirds of the validators have signed it/u);
});
