import { expect, it } from 'vitest';
import type { AccountView, Answer, Finality, TrustLevel } from '../../client/types.ts';
import { verdictOf, weakest } from './verdict.ts';

const answer = (finality: Finality, height = 300, level: TrustLevel = 'proven'): Answer<AccountView> => ({ value: { type: 'basic', balance: 5 }, level, finality, block: { height, hash: '', timestamp: height } });
const known = (latest: Answer<AccountView> | undefined, final?: Answer<AccountView>) => ({ known: { latest, final, error: undefined }, last: undefined });

it('says how sure a balance is', () => {
  expect(verdictOf(known(answer('pending')), true).kind).toBe('pending');
  expect(verdictOf(known(answer('pending'), answer('final', 290)), true)).toMatchObject({ kind: 'final', answer: { block: { height: 290 } } });
  expect(verdictOf(known(answer('final', 300, 'claimed')), true).kind).toBe('claimed');
  expect(verdictOf(known(answer('final')), false)).toEqual({ kind: 'kept', height: 300, time: 300 });
  expect(verdictOf({ known: undefined, last: { luna: '5', height: 7, time: 8 } }, true)).toEqual({ kind: 'kept', height: 7, time: 8 });
  expect(verdictOf(known(undefined), true)).toEqual({ kind: 'none' });
});

it('a sum is as sure as its weakest part, and as old as its oldest', () => {
  const [final, pending, old] = [verdictOf(known(answer('final')), true), verdictOf(known(answer('pending')), true), { kind: 'kept', height: 7, time: 8 } as const];
  expect(weakest([final, pending])).toBe(pending);
  expect(weakest([final, old, pending])).toBe(old);
  expect(weakest([old, { ...old, height: 3 }])).toMatchObject({ height: 3 });
  expect(weakest([final, { kind: 'none' }]).kind).toBe('none');
  expect(weakest([])).toEqual({ kind: 'none' });
});
