import { vi } from 'vitest';

/** `vi.waitFor` gives up after a second, which is a statement about the machine. What never comes is a failure after a minute too. */
const { waitFor } = vi;
const patience = { timeout: 60_000 };
vi.waitFor = (callback, options) => waitFor(callback, typeof options === 'object' ? { ...patience, ...options } : options === undefined ? patience : { timeout: options });
