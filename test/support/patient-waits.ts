import { vi } from 'vitest';

/**
 * `vi.waitFor` gives up after a second, which is too short on a busy machine. With a minute, an event that never comes is still a
 * failure.
 */
const { waitFor } = vi;
const patience = { timeout: 60_000 };
vi.waitFor = (callback, options) => waitFor(callback, typeof options === 'object' ? { ...patience, ...options } : options === undefined ? patience : { timeout: options });
