import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';
import app from '../../vite.config.ts';

/** As the app is built, without what belongs to its pages: React, the service worker, the list of licences, and the pages themselves. */
export const configOf = (root: string) => async (environment: Parameters<typeof app>[0]): Promise<UserConfig> => {
  const { define, worker, build } = await app(environment);
  return { root, define: define ?? {}, worker: { format: 'es' as const, rolldownOptions: worker?.rolldownOptions ?? {} }, build: { ...build, rolldownOptions: { ...build?.rolldownOptions, input: join(root, 'index.html') }, sourcemap: false } };
};

export default defineConfig(configOf(import.meta.dirname));
