import type { ClientOptions } from '../client/create-client.ts';

// oxlint-disable no-underscore-dangle -- the usual form of a name that the bundler replaces
declare const __DEFAULT_NETWORK__: string | undefined;

/** The network of a page whose URL names none. Set when the page is built (`PETREL_NETWORK`, read by `vite.config.ts`). */
export const defaultNetwork: string = typeof __DEFAULT_NETWORK__ === 'string' ? __DEFAULT_NETWORK__ : 'unit-albatross';

/**
 * Built-in development networks, known by name before their parameters are loaded. Other networks declare it themselves (`development` of
 * the parameters).
 */
export const developmentNetworks: ReadonlySet<string> = new Set(['unit-albatross', 'dev-albatross']);

/** Whether the coins of a network have no value: a built-in one by its name, or the parameters of a file, which declare it. */
export function isDevelopment(network: ClientOptions['network']): boolean {
  return typeof network === 'string' ? developmentNetworks.has(network) : (network as { readonly development?: unknown }).development === true;
}
