import { expect, it } from 'vitest';
import { stepsOf } from './checked-proof.ts';

const names = ['form', 'network', 'state'] as const;

it('before the failed step all are right, after it all are open', () => {
  expect(stepsOf(names, { step: 'network', code: 'other', data: { id: 'x' } }, { form: { bytes: 3 } })).toEqual([
    { name: 'form', state: 'done', data: { bytes: 3 } },
    { name: 'network', state: 'failed', code: 'other', data: { id: 'x' } },
    { name: 'state', state: 'open', data: {} },
  ]);
  expect(stepsOf(names, { step: 'network', code: 'unknown-network', data: {} }, { form: { bytes: 3 } }).map(({ state }) => state)).toEqual(['open', 'failed', 'open']);
  expect(stepsOf(names, undefined).map(({ state }) => state)).toEqual(['done', 'done', 'done']);
});
