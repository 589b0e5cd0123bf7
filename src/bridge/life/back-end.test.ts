import { expect, it } from 'vitest';
import { readBackEnd } from './back-end.ts';

it("reads a verifier's report of its back end, and no other message", () => {
  expect(readBackEnd({ backend: 'wasm' })).toEqual({ backend: 'wasm' });
  expect(readBackEnd({ backend: 'wasm', reason: 'csp', more: 1 })).toEqual({ backend: 'wasm' });
  expect(readBackEnd({ backend: 'bigint', reason: 'csp' })).toEqual({ backend: 'bigint', reason: 'csp' });
  const nonsense: unknown[] = [undefined, null, 'wasm', [], {}, { backend: 'gpu' }, { backend: 'bigint' }, { backend: 'bigint', reason: 'toString' }, { backend: 'bigint', reason: ['csp'] }];
  expect(nonsense.map(readBackEnd)).toEqual(nonsense.map(() => undefined));
});
