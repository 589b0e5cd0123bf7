import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { securityHeaders } from '../scripts/headers.mjs';
import { serve } from '../scripts/serve.mjs';
import { bundle } from './support/bundle.ts';

let folder: string;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'petrel-wasm-'));
  await bundle('e2e/support/wasm-probe.ts', folder, 'probe');
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>probe</title>');
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Under the policy of the app, and in whole pairings, there is no difference between the back ends. */
test('Chromium runs the WebAssembly back end, and it computes what BigInt does', async ({ page }) => {
  const server = await serve({ directory: folder });
  try {
    await page.goto(server.url);
    expect(await page.evaluate("import('/probe.js').then(({ probe }) => probe({ seed: 2, rounds: 60 }))")).toEqual({ different: [] });
  } finally {
    await server.close();
  }
});

test('without wasm-unsafe-eval the gate says so', async ({ page }) => {
  const strict = securityHeaders['Content-Security-Policy'].replace(" 'wasm-unsafe-eval'", '');
  expect(strict).not.toBe(securityHeaders['Content-Security-Policy']);
  const inner = await serve({ directory: folder });
  const server = createServer((request, response) => {
    void fetch(new URL(request.url ?? '/', inner.url)).then(async (answer) => {
      response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '', 'Content-Security-Policy': strict });
      response.end(await answer.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    expect(await page.evaluate("import('/probe.js').then(({ probe }) => probe({ seed: 2, rounds: 1 }))")).toEqual({ refused: 'csp' });
  } finally {
    server.close();
    server.closeAllConnections();
    await inner.close();
  }
});
