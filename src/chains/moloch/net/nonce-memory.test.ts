import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { NONCE_TERM, NonceMemory } from './nonce-memory.ts';

const nonce = (number: number) => {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
};

it('takes a nonce once in ten minutes', () => {
  const clock = new ManualClock();
  const memory = new NonceMemory(clock);
  expect(memory.take(nonce(1))).toBe(true);
  expect(memory.take(nonce(2))).toBe(true);
  clock.advance(NONCE_TERM - 1);
  expect(memory.take(nonce(1))).toBe(false);
  clock.advance(1);
  expect(memory.take(nonce(1))).toBe(true);
});

it('forgets the oldest at its bound, and no other', () => {
  const memory = new NonceMemory(new ManualClock());
  for (let i = 0; i < 4097; i++) expect(memory.take(nonce(i))).toBe(true);
  expect(memory.take(nonce(4096))).toBe(false);
  expect(memory.take(nonce(0))).toBe(true);
});
