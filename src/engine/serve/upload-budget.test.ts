import { expect, it } from 'vitest';
import { UploadBudget } from './upload-budget.ts';

it('gives no more than the cap within an hour, in any distribution', () => {
  let now = 0;
  const budget = new UploadBudget({ monotonic: () => now }, 1000);
  expect(budget.take(600)).toBe(true);
  now = 30 * 60_000;
  expect(budget.take(401)).toBe(false);
  expect(budget.take(400)).toBe(true);
  expect(budget.left).toBe(0);
  now = 60 * 60_000;
  expect(budget.left).toBe(600);
  now = 91 * 60_000;
  expect(budget.left).toBe(1000);
  expect(budget.total).toBe(1000);
});

it('gives nothing with a cap of 0', () => {
  const budget = new UploadBudget({ monotonic: () => 0 }, 0);
  expect(budget.take(1)).toBe(false);
  expect(budget.total).toBe(0);
});
