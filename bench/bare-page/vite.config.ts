import { defineConfig } from 'vite';
import app from '../../vite.config.ts';

/** As the app is built, without what belongs to its page: React, the service worker, the list of licences. */
export default defineConfig(async (environment) => {
  const { define, worker, build } = await app(environment);
  return { root: import.meta.dirname, define: define ?? {}, worker: { format: 'es' as const, rolldownOptions: worker?.rolldownOptions ?? {} }, build: { ...build, sourcemap: false } };
});
