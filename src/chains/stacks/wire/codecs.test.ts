import { array, assert, constantFrom, integer, nat, property, record, uint8Array } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainA, chainB, epoch2Headers, fromBase64, mainnetHeaders } from '../../../../test/support/stacks-vectors.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { codesOf, fuzzedWith } from '../../../../test/support/stacks-fuzz.ts';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { bitOf, bitsOf, byteCountOf, bytesOfBits, readBitVector, writeBitVector } from './bit-vector.ts';
import { decodeBlock, decodeBlocks, decodeHeaderOfBlock, encodeBlock } from './block.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { decodeEpoch2Block, encodeEpoch2Block } from './epoch2-block.ts';
import { decodeEpoch2Header, encodeEpoch2Header, type Epoch2Header } from './epoch2-header.ts';
import { decodeHeader, encodeHeader, isShadow, type NakamotoHeader } from './header.ts';
import { skipClarityValue } from './skip-value.ts';
import { StacksWireError } from './wire-error.ts';

const bytes = (length: number) => uint8Array({ minLength: length, maxLength: length });
const hex = (length: number): Arbitrary<string> => bytes(length).map(toHex);
const u64 = nat(Number.MAX_SAFE_INTEGER);
const bitVector = integer({ min: 1, max: 200 }).chain((length) => bytes(byteCountOf(length)).map((it) => ({ length, bytes: it })));
const header: Arbitrary<NakamotoHeader> = record({
  version: constantFrom(0, 1, 0x80, 0x81), chainLength: u64, burnSpent: u64, consensusHash: hex(20), parentBlockId: hex(32), transactionRoot: hex(32), stateRoot: hex(32), timestamp: nat(8_640_000_000_000),
  minerSignature: bytes(65), signerSignatures: array(bytes(65), { maxLength: 4 }), poxTreatment: bitVector, problematic: array(record({ index: nat(2 ** 32 - 1), category: nat(255) }), { maxLength: 3 }),
}).map((it) => ((it.version & 1) === 0 ? { ...it, problematic: [] } : it));
const epoch2Header: Arbitrary<Epoch2Header> = record({
  version: nat(255), burn: u64, work: u64, vrfProof: bytes(80), parent: hex(32), parentMicroblock: hex(32), parentMicroblockSequence: nat(65_535), transactionRoot: hex(32), stateRoot: hex(32), microblockKeyHash: hex(20),
});

describe('what is encoded is decoded again', () => {
  it('headers of all versions, bit vectors, bits', () => {
    const some = runs(100, 10_000);
    assert(property(header, (it) => void expect(decodeHeader(encodeHeader(it))).toEqual(it)), some);
    assert(property(epoch2Header, (it) => void expect(decodeEpoch2Header(encodeEpoch2Header(it))).toEqual(it)), some);
    assert(property(bitVector, (it) => {
      const writer = new ByteWriter();
      writeBitVector(writer, it, 200, 'bits');
      expect(readBitVector(new ByteReader(writer.done()), 200, 'bits')).toEqual(it);
      const bits = bitsOf(it);
      const again = bytesOfBits(bits);
      for (const [i, bit] of bits.entries()) expect(bitOf(again, i)).toBe(bit);
    }), some);
    expect(bitOf(Uint8Array.of(255), -1)).toBe(false);
    expect(bitOf(Uint8Array.of(255), 8)).toBe(false);
  });
});

const sample = (base64: string) => fromBase64(base64);
const largest = chainA.blocks.toSorted((a, b) => b.txids.length - a.txids.length)[0]!;
/** Each decoder with bytes that it takes. */
const decoders: readonly { readonly name: string; readonly decode: (bytes: Uint8Array) => unknown; readonly good: Uint8Array }[] = [
  { name: 'header of version 0', decode: decodeHeader, good: sample(chainA.headers[0]!.header_b64) },
  { name: 'header of version 1', decode: decodeHeader, good: encodeHeader({ ...decodeHeader(sample(chainB.headers.find(({ version }) => version === 1)!.header_b64)), problematic: [{ index: 1, category: 3 }] }) },
  { name: 'header of the main network', decode: decodeHeader, good: fromHex(mainnetHeaders[1]!.header) },
  { name: 'block', decode: decodeBlock, good: sample(largest.block_b64) },
  { name: 'block of epoch 2.x', decode: decodeEpoch2Block, good: encodeEpoch2Block({ header: decodeEpoch2Header(fromHex(epoch2Headers[0]!.header)), transactions: decodeBlock(sample(largest.block_b64)).transactions }) },
  { name: 'header of epoch 2.x', decode: decodeEpoch2Header, good: fromHex(epoch2Headers[0]!.header) },
];

describe.each(decoders)('$name', ({ decode, good }) => {
  it('is refused when it ends early, at every byte, or goes on', () => {
    expect(codesOf(decode, good)).toBeUndefined();
    for (let length = 0; length < good.length; length += 1) expect([length, codesOf(decode, good.slice(0, length))]).toEqual([length, 'truncated']);
    expect(codesOf(decode, concatBytes(good, Uint8Array.of(0)))).toBe('trailing');
  });

  it('never throws anything but a coded error', () => {
    expect(fuzzedWith(decode, good, runs(800, 1_000_000).numRuns).size).toBeGreaterThan(1);
  }, longTimeout);
});

describe('blocks back to back', () => {
  const [first, second] = chainA.blocks.map((it) => sample(it.block_b64));
  const both = concatBytes(first!, second!);

  it('are read one after the other, and bounded', () => {
    expect(decodeBlocks(both, 2).map(encodeBlock)).toEqual([first, second]);
    expect(decodeBlocks(new Uint8Array(), 2)).toEqual([]);
    expect(codesOf((it) => decodeBlocks(it, 1), both)).toBe('length');
    expect(codesOf((it) => decodeBlocks(it, 2), both.slice(0, -1))).toBe('truncated');
  });

  it('have a header that is read alone from the front', () => {
    expect(decodeHeaderOfBlock(both)).toEqual(decodeBlock(first!).header);
  });
});

describe('values that are refused', () => {
  const good = decodeHeader(sample(chainA.headers[0]!.header_b64));

  it.each<readonly [string, () => unknown]>([
    ['version', () => encodeHeader({ ...good, version: 2 })],
    ['version', () => decodeHeader(Uint8Array.of(2, ...encodeHeader(good).slice(1)))],
    ['version', () => encodeHeader({ ...good, problematic: [{ index: 0, category: 0 }] })],
    ['number', () => encodeHeader({ ...good, timestamp: -1 })],
    // Later than any date that JavaScript can write, so that showing it would throw.
    ['number', () => decodeHeader(encodeHeader({ ...good, timestamp: 8_640_000_000_001 }))],
    ['number', () => decodeHeader(Uint8Array.of(0, 255, ...encodeHeader(good).slice(2)))],
    ['length', () => encodeHeader({ ...good, consensusHash: 'AB'.repeat(20) })],
    ['length', () => encodeHeader({ ...good, minerSignature: new Uint8Array(64) })],
    ['length', () => encodeHeader({ ...good, poxTreatment: { length: 9, bytes: new Uint8Array(1) } })],
    ['length', () => encodeHeader({ ...good, poxTreatment: { length: 4001, bytes: new Uint8Array(501) } })],
    ['length', () => readBitVector(new ByteReader(fromHex('000000000000')), 9, 'bits')],
    ['length', () => readBitVector(new ByteReader(fromHex('00080000000200ff')), 9, 'bits')],
    ['length', () => new ByteReader(fromHex('00000003')).count('items', 2, 1)],
    ['truncated', () => new ByteReader(fromHex('0000000300')).count('items', 3, 1)],
  ])('%s', (code, run) => {
    expect(run).toThrow(expect.objectContaining({ name: 'StacksWireError', code }));
    expect(new StacksWireError('type', 'x').code).toBe('type');
  });

  it('shadow blocks are known by their bit', () => {
    expect([0, 1, 0x80, 0x81].map((version) => isShadow({ version }))).toEqual([false, false, true, true]);
  });

  it('values of Clarity are walked through, not deeper than the language allows', () => {
    const end = (text: string) => {
      const reader = new ByteReader(fromHex(text));
      skipClarityValue(reader);
      return reader.remaining;
    };
    const address = '1a'.repeat(21);
    for (const good of ['03', '04', '09', `00${'00'.repeat(16)}`, '0200000001ff', '0d0000000161', `05${address}`, `06${address}0161`, '0a03', '0709', '0b000000020304', '0c0000000101610a03', '0b00000000']) expect([good, end(good)]).toEqual([good, 0]);
    expect(() => end('0f')).toThrow(expect.objectContaining({ code: 'type' }));
    expect(end(`${'0a'.repeat(32)}03`)).toBe(0);
    expect(() => end(`${'0a'.repeat(33)}03`)).toThrow(expect.objectContaining({ code: 'depth' }));
    expect(() => end('0b7fffffff')).toThrow(expect.objectContaining({ code: 'length' }));
  });
});
