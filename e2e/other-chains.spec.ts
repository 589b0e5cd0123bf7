import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { serve } from '../scripts/serve.mjs';
import { packageBin } from '../scripts/setup.mjs';
import { ToyNet } from '../test/toy-chain/toy-node.ts';
import { untilEstablished, untilHead } from './support/app.ts';
import { expect, test } from './support/fixtures.ts';
import { serious } from './support/serious.ts';

/** What the page shows of HotStuff-2 and Moloch only, on a client that tells their details (`test/toy-chain/dresses.ts`). */

const root = resolve(import.meta.dirname, '..');
let dist: string;

test.beforeAll(() => {
  dist = mkdtempSync(join(tmpdir(), 'petrel-drawn-'));
  const { status, stderr } = spawnSync(process.execPath, [packageBin('vite'), 'build', '--config', join(root, 'test/toy-chain/vite.config.ts'), '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});
test.afterAll(() => rmSync(dist, { recursive: true, force: true }));

async function openChain(page: Page, chain: 'hotstuff2' | 'moloch'): Promise<{ readonly net: ToyNet; readonly asked: readonly string[]; readonly url: string; close(): Promise<void> }> {
  const net = new ToyNet();
  const network = { ...(await net.start(2)), chain };
  net.produce(47);
  const asked: string[] = [];
  const server = await serve({ directory: dist, files: { '/own.json': () => JSON.stringify(network) }, onAnswer: (path) => void asked.push(path) });
  const url = `${server.url}?network=/own.json`;
  await page.goto(url);
  await untilEstablished(page);
  await untilHead(page, { hash: net.blocks.at(-1)!.id });
  net.produce(1);
  await untilHead(page, { hash: net.blocks.at(-1)!.id });
  return {
    net, asked, url,
    close: async () => {
      await server.close();
      await net.close();
    },
  };
}

/** Pictures for a person who looks at them: `PETREL_PICTURES` is a folder. */
async function pictures(page: Page, name: string): Promise<void> {
  const folder = process.env['PETREL_PICTURES'];
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 1000 });
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`), animations: 'disabled', fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 1000 });
}

for (const { chain, finality, pending, newest, grade, field } of [
  { chain: 'hotstuff2', finality: /two-chain rule/u, pending: /certified, not final/u, newest: /of 7 validators voted/u, grade: /^Certified, not final/u, field: 'payloadRoot' },
  { chain: 'moloch', finality: /more than two thirds of the validators have signed it/u, pending: /tentative, not final/u, newest: /of 7 validators have signed/u, grade: /^Tentative, not final/u, field: 'eventsRoot' },
] as const) {
  test(`${chain}: its words for what is final, its drawing, its fields and its sync`, async ({ page }) => {
    const world = await openChain(page, chain);
    try {
      await expect(page.getByTestId('finality')).toContainText(finality);
      await expect(page.getByText(pending).first()).toBeVisible();
      await expect(page.getByText(newest)).toBeVisible();
      expect(await page.locator('.app > :not(header)').allInnerTexts()).not.toContainEqual(expect.stringMatching(/Nimiq|epoch|macro block|Wallet/iu));
      await page.getByTestId('sync-fold').locator('summary').click();
      await expect(page.getByTestId('sync-details')).toContainText('parallel: ranges from several peers');
      await expect(page.getByTestId('sync-peer')).toHaveCount(4);
      await expect(page.locator('.plot canvas')).toHaveCount(3);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await serious(page), colorScheme).toEqual([]);
      }
      await pictures(page, chain);

      await page.getByRole('searchbox', { name: 'Look up a block', exact: true }).fill('NQ07 0000 0000 0000 0000 0000 0000 0000 0000');
      await page.keyboard.press('Enter');
      await expect(page.getByText('This chain has no accounts')).toBeVisible();
      await page.getByRole('button', { name: 'Network' }).click();
      await expect(page.getByRole('group', { name: chain === 'moloch' ? 'Moloch' : 'HotStuff-2' })).toContainText(`npm start -- --chain ${chain}`);
      await expect(page.getByRole('group', { name: chain === 'moloch' ? 'Moloch' : 'HotStuff-2' }).getByRole('radio')).toBeChecked();
      await pictures(page, `${chain}-networks`);
      await page.keyboard.press('Escape');

      await page.goto(`${world.url}#/block/${world.net.blocks.at(-1)!.value}`);
      await expect(page.getByTestId('grade')).toContainText(grade);
      await expect(page.locator(`[data-field=${field}]`)).toContainText('2'.repeat(64));
      await expect(page.getByTestId('block-verdict')).toContainText('not final');
      await pictures(page, `${chain}-block`);

      await page.goto(`${world.url}#/account/NQ070000000000000000000000000000000000`);
      await expect(page.getByRole('alert')).toContainText('This chain has no accounts');
    } finally {
      await world.close();
    }
  });
}
