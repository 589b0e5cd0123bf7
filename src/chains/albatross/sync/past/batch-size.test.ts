import { expect, it } from 'vitest';
import { BatchSize } from './batch-size.ts';

it('grows at most to the double, up to what takes 1.5 s, and not beyond 128', () => {
  const size = new BatchSize();
  expect(size.current).toBe(32);
  size.took(32, 32);
  expect(size.current).toBe(64);
  for (let i = 0; i < 10; i += 1) size.took(size.current, size.current);
  expect(size.current).toBe(128);
  for (let i = 0; i < 20; i += 1) size.took(size.current, size.current * 20);
  expect(size.current).toBe(75);
});

it('never falls below its minimum, however slow the verification', () => {
  const size = new BatchSize(4);
  size.took(4, 60_000);
  expect(size.current).toBe(4);
  size.took(4, 0);
  expect(size.current).toBe(4);
  const usual = new BatchSize();
  usual.took(32, 60_000);
  expect(usual.current).toBe(32);
});
