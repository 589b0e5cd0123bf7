import { defineConfig } from 'vite';
import { configOf } from '../bare-page/vite.config.ts';

/** As the bare page is built. */
export default defineConfig(configOf(import.meta.dirname));
