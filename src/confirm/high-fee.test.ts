import { expect, it } from 'vitest';
import { isHighFee } from './high-fee.ts';

it('points out fees from 1 NIM on', () => {
  for (const fee of [0n, 276n, 99_999n]) expect(isHighFee(fee)).toBe(false);
  for (const fee of [100_000n, 2_100_000_000_000_000n]) expect(isHighFee(fee)).toBe(true);
});
