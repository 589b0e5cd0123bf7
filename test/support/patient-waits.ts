import { vi } from 'vitest';

/**
 * `vi.waitFor` and `vi.waitUntil` give up after a second, which is too short on a busy machine. With two minutes, and more on a slow machine, an event that never comes
 * is still a failure.
 */
const { waitFor, waitUntil } = vi;
const patience = { timeout: 120_000 * Number(process.env['PETREL_SLOWNESS'] ?? 1) };
const patient = (options: Parameters<typeof waitFor>[1]) => (typeof options === 'object' ? { ...patience, ...options } : options === undefined ? patience : { timeout: options });
vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));
