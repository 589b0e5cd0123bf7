import { join } from 'node:path';
import { defineConfig } from 'vite';
import app from '../../vite.config.ts';

/** The app as it is, whose hub knows the toy chain only. */
export default defineConfig(async (environment) => ({
  ...(await app(environment)),
  resolve: { alias: [{ find: /^.*\/chains\/registry\.ts$/, replacement: join(import.meta.dirname, 'registry.ts') }] },
}));
