import { expect, it } from 'vitest';
import type { Answer, Finality } from '../../client/types.ts';
import { settled } from './settled.ts';

const answer = (value: number, finality: Finality): Answer<{ readonly balance: number }> => ({ value: { balance: value }, level: 'proven', finality, block: { height: value, hash: '', timestamp: 1 } });

it('shows the final answer if the newest says the same, else the newest', () => {
  const [old, same, other] = [answer(5, 'final'), answer(5, 'pending'), answer(6, 'pending')];
  expect(settled({ latest: same, final: old, error: undefined })).toBe(old);
  expect(settled({ latest: other, final: old, error: undefined })).toBe(other);
  expect(settled({ latest: same, final: undefined, error: undefined })).toBe(same);
  expect(settled({ latest: undefined, final: undefined, error: undefined })).toBeUndefined();
});
