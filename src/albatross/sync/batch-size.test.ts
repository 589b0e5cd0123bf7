import { expect, it } from 'vitest';
import { BatchSize } from './batch-size.ts';

it('grows to the double at most, up to what takes 400 ms, and not beyond 64', () => {
  const size = new BatchSize();
  expect(size.current).toBe(4);
  size.took(4, 4);
  expect(size.current).toBe(8);
  for (let i = 0; i < 10; i += 1) size.took(size.current, size.current);
  expect(size.current).toBe(64);
  for (let i = 0; i < 20; i += 1) size.took(size.current, size.current * 20);
  expect(size.current).toBe(20);
});

it('never falls below one, however slow', () => {
  const size = new BatchSize();
  size.took(4, 60_000);
  expect(size.current).toBe(1);
  size.took(1, 0);
  expect(size.current).toBe(1);
});
