import { expect, it } from 'vitest';
import { guardLoad } from './load-guard.ts';

function scopeWithPages() {
  const scope = new EventTarget();
  const answers: unknown[] = [];
  const connect = () => {
    const port = { postMessage: (message: { readonly error: { readonly code: string; readonly data: unknown } }) => answers.push([message.error.code, message.error.data]) };
    scope.dispatchEvent(Object.assign(new Event('connect'), { ports: [port] }));
  };
  return { scope, answers, connect };
}

it('refuses all pages when loading throws, both earlier and later ones', () => {
  const { scope, answers, connect } = scopeWithPages();
  guardLoad(scope, []);
  connect();
  expect(answers).toEqual([]);
  scope.dispatchEvent(Object.assign(new Event('error'), { message: 'Uncaught text' }));
  connect();
  expect(answers).toEqual([['worker-failed', { reason: 'Uncaught text' }], ['worker-failed', { reason: 'Uncaught text' }]]);
});

it('refuses all pages when the thread lacks a feature', () => {
  const { scope, answers, connect } = scopeWithPages();
  const loaded = guardLoad(scope, ['Object.hasOwn']);
  connect();
  expect(loaded()).toBe(false);
  connect();
  expect(answers).toEqual([['missing-features', { missing: 'Object.hasOwn' }], ['missing-features', { missing: 'Object.hasOwn' }]]);
});

it('does nothing more once everything is loaded', () => {
  const { scope, answers, connect } = scopeWithPages();
  expect(guardLoad(scope, [])()).toBe(true);
  connect();
  scope.dispatchEvent(new Event('error'));
  expect(answers).toEqual([]);
});
