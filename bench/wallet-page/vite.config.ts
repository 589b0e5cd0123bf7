import { defineConfig } from 'vite';
import bare from '../bare-page/vite.config.ts';

/** As the bare page is built. */
export default defineConfig(async (environment) => ({ ...(await bare(environment)), root: import.meta.dirname }));
