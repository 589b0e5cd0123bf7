import { expect, it } from 'vitest';
import { linkedFile, proofLink } from './proof-link.ts';

const bytes = Uint8Array.from({ length: 1500 }, (_, n) => (n * 7) & 0xff);

it('carries the bytes of a small file, and only characters that any address may have', async () => {
  const link = proofLink(bytes, 'https://a.example/');
  expect(link).toMatch(/^https:\/\/a\.example\/#\/proof\/[\w-]+$/u);
  const file = linkedFile(new URL(link!).hash);
  expect(new Uint8Array(await file!.arrayBuffer())).toEqual(bytes);
});

it('is not made for what a QR code cannot hold', () => {
  expect(proofLink(new Uint8Array(1700), 'https://a.example/')).toBeUndefined();
  expect(proofLink(new Uint8Array(8_000_000), 'https://a.example/')).toBeUndefined();
});

it('is none in other addresses; what is not base64 is a file that proves nothing', async () => {
  expect(linkedFile('#/proof')).toBeUndefined();
  expect(linkedFile('#/block/3')).toBeUndefined();
  expect(await linkedFile('#/proof/%%')!.text()).toBe('%%');
});
