import { vi } from 'vitest';

/**
 * `vi.waitFor` gives up after a second, which is too short on a busy machine. With two minutes, and more on a slow machine, an event that never comes is still a
 * failure.
 */
const { waitFor } = vi;
const patience = { timeout: 120_000 * Number(process.env['PETREL_SLOWNESS'] ?? 1) };
vi.waitFor = (callback, options) => waitFor(callback, typeof options === 'object' ? { ...patience, ...options } : options === undefined ? patience : { timeout: options });
