import { expect, it } from 'vitest';
import { BatchSize } from './batch-size.ts';

it('grows to the double at most, up to what takes 1.5 s, and not beyond 128', () => {
  const size = new BatchSize();
  expect(size.current).toBe(16);
  size.took(16, 16);
  expect(size.current).toBe(32);
  for (let i = 0; i < 10; i += 1) size.took(size.current, size.current);
  expect(size.current).toBe(128);
  for (let i = 0; i < 20; i += 1) size.took(size.current, size.current * 20);
  expect(size.current).toBe(75);
});

it('never falls below one, however slow', () => {
  const size = new BatchSize();
  size.took(16, 60_000);
  expect(size.current).toBe(1);
  size.took(1, 0);
  expect(size.current).toBe(1);
});
