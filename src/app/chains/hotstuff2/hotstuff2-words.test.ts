import { expect, it } from 'vitest';
import { gradeTextOf } from './hotstuff2-words.ts';

it('genesis is no checkpoint, and a pinned block is', () => {
  expect(gradeTextOf('checkpoint', 0)).toMatchObject({ name: 'Genesis', text: expect.not.stringContaining('verified from') as string });
  expect(gradeTextOf('checkpoint', 5).name).toBe('Checkpoint');
  expect(gradeTextOf('final', 5).name).toBe('Final');
});
