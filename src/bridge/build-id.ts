// oxlint-disable no-underscore-dangle -- the usual form of a name that the bundler replaces
declare const __BUILD_ID__: string | undefined;

/** Which build this is; set by `vite.config.ts`, `dev` where nothing was built. Page and hub of one build carry the same, and of two ids the greater text is the newer build's. */
export const buildId: string = typeof __BUILD_ID__ === 'string' ? __BUILD_ID__ : 'dev';
