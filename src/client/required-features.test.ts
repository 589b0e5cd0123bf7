import { expect, it } from 'vitest';
import { requireFeatures } from './required-features.ts';

const all = { isSecureContext: true, navigator: { locks: {} }, crypto: { subtle: {}, randomUUID: () => '' }, Worker: {}, SharedWorker: {}, MessageChannel: {} };

it('is content with a complete browser, also without SharedWorker', () => {
  expect(() => requireFeatures(all)).not.toThrow();
  expect(() => requireFeatures({ ...all, SharedWorker: undefined })).not.toThrow();
});

it('lists what an insecure context lacks', () => {
  const insecure = { ...all, isSecureContext: false, navigator: {}, crypto: {} };
  expect(() => requireFeatures(insecure)).toThrow(
    expect.objectContaining({ name: 'ClientError', code: 'insecure-context', data: { missing: 'navigator.locks, crypto.subtle, crypto.randomUUID' } }),
  );
});

it('lists what a browser lacks', () => {
  expect(() => requireFeatures({ ...all, Worker: undefined, SharedWorker: undefined })).toThrow(
    expect.objectContaining({ name: 'ClientError', code: 'missing-features', data: { missing: 'Worker' } }),
  );
});
