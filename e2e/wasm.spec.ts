import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serve } from '../scripts/serve.mjs';
import { bundle } from './support/bundle.ts';
import { withoutWasm } from './support/without-wasm.ts';

let folder: string;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'petrel-wasm-'));
  await bundle('e2e/support/wasm-probe.ts', folder, 'probe');
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>probe</title>');
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Compares the back ends up to whole pairings, under the app's security policy. */
test('Chromium runs the WebAssembly back end, and it computes the same as BigInt', async ({ page }) => {
  const server = await serve({ directory: folder });
  try {
    await page.goto(server.url);
    expect(await page.evaluate("import('/probe.js').then(({ probe }) => probe({ seed: 2, rounds: 60 }))")).toEqual({ different: [] });
  } finally {
    await server.close();
  }
});

test('without wasm-unsafe-eval the gate gives the reason', async ({ page }) => {
  const server = await serve({ directory: folder, headers: withoutWasm });
  try {
    await page.goto(server.url);
    expect(await page.evaluate("import('/probe.js').then(({ probe }) => probe({ seed: 2, rounds: 1 }))")).toEqual({ refused: 'csp' });
  } finally {
    await server.close();
  }
});
