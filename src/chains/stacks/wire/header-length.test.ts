import { expect, it } from 'vitest';
import { chainA, chainB, fromBase64, mainnetHeaders } from '../../../../test/support/stacks-vectors.ts';
import { concatBytes, fromHex } from '../../../base/bytes.ts';
import { encodeHeader, decodeHeader } from './header.ts';
import { headerLength } from './header-length.ts';

const headers = [...chainA.headers, ...chainB.headers].map((it) => fromBase64(it.header_b64));

it('is the length of every recorded header, whatever follows it, and is not told before the counts are there', () => {
  expect(headers.length).toBe(185);
  for (const bytes of [...headers, ...mainnetHeaders.map(({ header }) => fromHex(header))]) {
    expect(headerLength(bytes)).toBe(bytes.length);
    expect(headerLength(concatBytes(bytes, new Uint8Array(100).fill(255)))).toBe(bytes.length);
  }
  const [bytes] = headers;
  let told: number | undefined;
  for (let end = 0; end <= bytes!.length; end += 1) {
    const length = headerLength(bytes!.subarray(0, end));
    expect(length).toBe(told ?? length);
    told ??= length;
  }
  expect(told).toBe(bytes!.length);
});

it('counts problematic transactions of version 1 only', () => {
  const header = { ...decodeHeader(headers[0]!), version: 1, problematic: [{ index: 1, category: 2 }, { index: 3, category: 4 }] };
  const bytes = encodeHeader(header);
  expect(headerLength(bytes)).toBe(bytes.length);
  expect(headerLength(bytes.subarray(0, bytes.length - 15))).toBeUndefined();
});

it('waits for no more bytes where a count is none of a header', () => {
  const signatures = headers[0]!.slice();
  signatures.fill(255, 206, 210);
  expect(headerLength(signatures)).toBe(210);
  const bits = encodeHeader({ ...decodeHeader(headers[0]!), signerSignatures: [] });
  bits.fill(255, 212, 216);
  expect(headerLength(bits)).toBe(216);
});
