import { expect, it } from 'vitest';
import { errorText, problemOf } from './problem-of.ts';

it("reads code and facts of Petrel's own errors", () => {
  expect(problemOf(Object.assign(new Error('x'), { code: 'network-file', data: { path: '/a', nested: {} } }))).toEqual({ code: 'network-file', data: { path: '/a' } });
});

it('makes a problem from any thrown value', () => {
  const unreadable = { toString: () => { throw new Error('no'); } };
  const trapped = new Proxy({}, { get: () => { throw new Error('no'); } });
  const secretive = { code: 'a', get data() { throw new Error('no'); } };
  const securityError = new DOMException('Access is denied', 'SecurityError');
  for (const thrown of [undefined, null, 'text', 7, Symbol('s'), {}, Object.freeze({ code: 'a' }), trapped, secretive, unreadable, Object.create(null), securityError, { code: 18 }, { code: 'a', data: null }]) {
    expect(typeof errorText(thrown)).toBe('string');
  }
  expect(problemOf(securityError).code).toBe('site-data-blocked');
  expect(problemOf(new DOMException('x', 'DataCloneError'))).toEqual({ code: 'unexpected', data: { message: 'DataCloneError: x' } });
});
