import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { headersFile, securityHeaders } from '../scripts/headers.mjs';
import { serve } from '../scripts/serve.mjs';

const directory = mkdtempSync(join(tmpdir(), 'petrel-serve-'));
writeFileSync(join(directory, 'index.html'), '<!doctype html>');
afterAll(() => rmSync(directory, { recursive: true }));

it('public/_headers equals the text that scripts/headers.mjs defines', () => {
  expect(readFileSync(resolve(import.meta.dirname, '../public/_headers'), 'utf8')).toBe(headersFile());
});

it('sends the headers with every answer, errors included', async () => {
  const server = await serve({ directory });
  for (const path of ['', 'index.html', 'missing.js', '..%2f..%2fetc%2fpasswd', '%00', '%']) {
    const response = await fetch(`${server.url}${path}`);
    for (const [name, value] of Object.entries(securityHeaders)) expect(response.headers.get(name), `${path}: ${name}`).toBe(value);
  }
  expect((await fetch(`${server.url}..%2f..%2fetc%2fpasswd`)).status).toBe(404);
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(405);
  await server.close();
});
