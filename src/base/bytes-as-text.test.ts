import { expect, it } from 'vitest';
import { bytesAsText } from './bytes-as-text.ts';

it('shows text as text, and everything else as hex', () => {
  expect(bytesAsText(new TextEncoder().encode('petrol é'))).toBe('petrol é');
  expect(bytesAsText(Uint8Array.of(0xff, 0x41))).toBe('0xff41');
  expect(bytesAsText(Uint8Array.of(0x41, 0x00))).toBe('0x4100');
});
