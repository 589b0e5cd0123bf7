import { expect, it } from 'vitest';
import { requireFeatures } from './required-features.ts';

const all = { Array, Object, AbortSignal, isSecureContext: true, navigator: { locks: {} }, crypto: { subtle: {}, randomUUID: () => '' }, Worker: {}, SharedWorker: {}, MessageChannel: {} };

it('accepts a complete browser, also without SharedWorker', () => {
  expect(() => requireFeatures(all)).not.toThrow();
  expect(() => requireFeatures({ ...all, SharedWorker: undefined })).not.toThrow();
});

it('lists the features that an insecure context lacks', () => {
  const insecure = { ...all, isSecureContext: false, navigator: {}, crypto: {} };
  expect(() => requireFeatures(insecure)).toThrow(
    expect.objectContaining({ name: 'ClientError', code: 'insecure-context', data: { missing: 'navigator.locks, crypto.subtle, crypto.randomUUID' } }),
  );
});

it('lists the features that a browser lacks', () => {
  expect(() => requireFeatures({ ...all, Worker: undefined, SharedWorker: undefined })).toThrow(
    expect.objectContaining({ name: 'ClientError', code: 'missing-features', data: { missing: 'Worker' } }),
  );
  expect(() => requireFeatures({ ...all, Array: { prototype: { toSorted: 1, findLast: 1 } } })).toThrow(expect.objectContaining({ code: 'missing-features', data: { missing: 'Array.prototype.toReversed' } }));
});
