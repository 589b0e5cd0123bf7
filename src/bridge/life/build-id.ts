// oxlint-disable no-underscore-dangle -- the usual form of a name that the bundler replaces
declare const __BUILD_ID__: string | undefined;

/**
 * The id of this build; set by `vite.config.ts`, `dev` without a build. Page and hub of one build have the same id, and of two ids the one
 * that is greater as text belongs to the newer build.
 */
export const buildId: string = typeof __BUILD_ID__ === 'string' ? __BUILD_ID__ : 'dev';
