import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { securityHeaders } from './scripts/headers.mjs';

const root = import.meta.dirname;

/**
 * The build's id: a hash over everything the workers are made of, so that the same sources give the same id and two deploys that
 * differ never share a SharedWorker.
 */
function buildId(): string {
  const hash = createHash('sha256');
  const add = (file: string) => hash.update(`${relative(root, file)}\0`).update(readFileSync(file)).update('\0');
  const walk = (directory: string) => {
    const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (!/\.test\.tsx?$/.test(entry.name)) add(path);
    }
  };
  walk(join(root, 'src'));
  walk(join(root, 'workers'));
  add(join(root, 'package-lock.json'));
  add(join(root, 'vite.config.ts'));
  return hash.digest('hex').slice(0, 12);
}

export default defineConfig(({ command }) => ({
  root,
  plugins: [react()],
  define: { __BUILD_ID__: JSON.stringify(command === 'build' ? buildId() : 'dev') },
  worker: { format: 'es' },
  // The workers' packages too are found at the start of the development server; otherwise it reloads the page when a worker asks for them.
  optimizeDeps: { entries: ['index.html', 'workers/*.ts'] },
  build: {
    // What has SharedWorker modules, Web Locks, WebCrypto Ed25519 and BigInt has all of this.
    target: 'es2022',
    sourcemap: true,
    // Nothing inline: the policy is `script-src 'self'; style-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  preview: { headers: securityHeaders },
}));
