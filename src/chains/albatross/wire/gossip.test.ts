import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraries } from '../../../../test/support/arbitraries.ts';
import { bitSet, block } from './blocks.ts';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { addressSubscriptionTopic, blockOfHeaderMessage, decodeGossip, encodeGossip, headerMessageOf, isPadded } from './gossip.ts';
import { decode, DecodeError, encode } from '../../../base/postcard/codec.ts';
import type { BasicTransaction, Block, BlockHeaderMessage } from './types.ts';

const vectors = new URL('../../../../test/vectors/', import.meta.url);
const real = JSON.parse(readFileSync(new URL('blocks.json', vectors), 'utf8')) as { micro201: string; macro232: string };
const version2 = JSON.parse(readFileSync(new URL('version2.json', vectors), 'utf8')) as { chain_v2_gossip: { block_header_message: string }[] };

function refusal(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
  return undefined;
}

function varintLength(bytes: Uint8Array, at: number): number {
  return bytes.subarray(at).findIndex((byte) => byte < 0x80) + 1;
}

/** Adds superfluous groups of zeros to the varint at `at`, so that it has `groups` groups. */
function withVarintOf(bytes: Uint8Array, at: number, groups: number): Uint8Array {
  const end = at + varintLength(bytes, at);
  const varint = new Uint8Array(groups).fill(0x80);
  varint[groups - 1] = 0;
  varint.set(bytes.subarray(at, end));
  varint[end - at - 1]! |= 0x80;
  return concatBytes(bytes.subarray(0, at), varint, bytes.subarray(end));
}

describe('block-header', () => {
  it('announces the real blocks', () => {
    for (const hex of [real.micro201, real.macro232]) {
      const value = decode(block, fromHex(hex));
      const message = headerMessageOf(value)!;
      expect(blockOfHeaderMessage(message)).toEqual({ ...value, body: undefined });
      expect(decodeGossip('block-header', encodeGossip('block-header', message))).toEqual(message);
    }
  });

  it('an empty micro block without extra data takes 333 bytes', () => {
    // From the interop reference, section 7: tag, header, tag of the justification, signature.
    const message = fromHex(version2.chain_v2_gossip[1]!.block_header_message);
    expect(message).toHaveLength(333);
    expect(toHex(encodeGossip('block-header', decodeGossip('block-header', message)))).toBe(toHex(message));
  });

  it('does not exist for a block without justification', () => {
    const genesis = decode(block, readFileSync(new URL('genesis-unit-albatross.block.dat', vectors)));
    expect(headerMessageOf(genesis)).toBeUndefined();
  });

  it('converts to a block and back', () => {
    fc.assert(
      fc.property(arbitraries['blocks:blockHeaderMessage'] as fc.Arbitrary<BlockHeaderMessage>, (message) => {
        const value = blockOfHeaderMessage(message);
        expect(decode(block, encode(block, value))).toEqual(value);
        expect(headerMessageOf(value)).toEqual(message);
      }),
      { numRuns: 30 },
    );
    fc.assert(
      fc.property(arbitraries['blocks:block'] as fc.Arbitrary<Block>, (value) => {
        const message = headerMessageOf(value);
        const expected = value.justification === undefined ? undefined : { ...value, body: undefined };
        expect(message === undefined ? undefined : blockOfHeaderMessage(message)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('issue 11.8: is refused with trailing bytes, or with more words than its signers need, because each would count as a new message', () => {
    const micro = encodeGossip('block-header', headerMessageOf(decode(block, fromHex(real.micro201)))!);
    const macro = encodeGossip('block-header', headerMessageOf(decode(block, fromHex(real.macro232)))!);
    for (const bytes of [Uint8Array.from([...micro, 1, 2]), Uint8Array.from([...micro, 0]), Uint8Array.from([...macro, 7])]) {
      const error = refusal(() => decodeGossip('block-header', bytes));
      expect(error).toMatchObject({ code: 'trailing-bytes' });
      expect(isPadded('block-header', bytes)).toBe(true);
    }
    const { words } = (decodeGossip('block-header', macro) as Extract<BlockHeaderMessage, { type: 'macro' }>).justification.sig.signers;
    // The set is at the end of the message: its count of words, then the words.
    const start = macro.length - encode(bitSet, { words }).length;
    for (const more of [1, 100, 300_000]) {
      const sixtyFour = Array.from({ length: 64 }, (_, at) => words[at] ?? 0n);
      const set = more === 1 ? { words: [...words, 0n] } : { words: sixtyFour, zeroWords: more };
      const padded = concatBytes(macro.subarray(0, start), encode(bitSet, set));
      expect(refusal(() => decodeGossip('block-header', padded))).toMatchObject({ code: 'unused-words' });
      expect(isPadded('block-header', padded)).toBe(true);
      // A signer that is no slot.
      expect(refusal(() => decodeGossip('block-header', padded.with(padded.length - 1, 1)))).toMatchObject({ code: 'unused-words' });
      expect(isPadded('block-header', padded.with(padded.length - 1, 1))).toBe(true);
    }
    expect(isPadded('block-header', micro.subarray(1))).toBe(false);
    expect(isPadded('block-header', macro.subarray(0, -1))).toBe(false);
  });

  it('issue 11.8: counts as padded, not undecodable, with numbers in any form that official nodes read', () => {
    const message = fromHex(version2.chain_v2_gossip[1]!.block_header_message);
    // Tag, network, version, then the number: the position of each varint, and the number of groups that its type allows.
    const number = 3;
    const timestamp = number + varintLength(message, number);
    for (const [at, most] of [[0, 5], [2, 3], [number, 5], [timestamp, 10]] as const) {
      for (let groups = varintLength(message, at) + 1; groups <= most + 1; groups += 1) {
        const long = withVarintOf(message, at, groups);
        expect(refusal(() => decodeGossip('block-header', long))).toBeInstanceOf(DecodeError);
        expect(isPadded('block-header', long)).toBe(groups <= most);
      }
    }
    // All of them, and a byte after the payload.
    const all = [timestamp, number, 2, 0].reduce((bytes, at) => withVarintOf(bytes, at, varintLength(bytes, at) + 1), message);
    expect(isPadded('block-header', concatBytes(all, Uint8Array.of(0)))).toBe(true);
  });
});

describe('other topics', () => {
  it('block-body has micro before macro', () => {
    const headerHash = '11'.repeat(32);
    expect(
      toHex(encodeGossip('block-body', { headerHash, body: { type: 'micro', body: { equivocationProofs: [], transactions: [] } } })),
    ).toBe(`${headerHash}000000`);
    expect(toHex(encodeGossip('block-body', { headerHash, body: { type: 'macro', body: { transactions: [] } } }))).toBe(`${headerHash}0100`);
  });

  it('a basic transaction has the captured layout', () => {
    const parts = ['00', '00', '22'.repeat(32), '33'.repeat(20), '0000000000003039', '0000000000000000', '000000c8', '07', '44'.repeat(64)];
    const bytes = fromHex(parts.join(''));
    expect(bytes).toHaveLength(139);
    const value = decodeGossip('regular-transaction', bytes) as BasicTransaction;
    expect(value).toMatchObject({ type: 'basic', proofFlags: 0, value: 12_345, fee: 0, validityStartHeight: 200, network: 7, webauthn: undefined });
    expect(toHex(encodeGossip('regular-transaction', value))).toBe(toHex(bytes));
    // An unknown algorithm, and flags without a meaning.
    for (const flags of [0x02, 0x20, 0x80]) {
      expect(
        () => decodeGossip('regular-transaction', Uint8Array.from([0, flags, ...bytes.subarray(2)])),
      ).toThrow(expect.objectContaining({ code: 'invalid-value', offset: 1 }));
    }
  });

  it('a transaction whose flags contradict its fields has no encoding', () => {
    const value = decodeGossip('regular-transaction', new Uint8Array(139)) as BasicTransaction;
    expect(() => encodeGossip('regular-transaction', { ...value, proofFlags: 0x10 })).toThrow(expect.objectContaining({ code: 'inconsistent' }));
    expect(() => encodeGossip('regular-transaction', { ...value, proofFlags: 1 })).toThrow(expect.objectContaining({ code: 'wrong-length' }));
    expect(() => encodeGossip('regular-transaction', { ...value, proofFlags: 2 })).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  });

  it('the proof message of the genesis block has a big-endian height and no proof', () => {
    expect(decodeGossip('zk-proof', fromHex('0034bc0000'))).toEqual({ blockNumber: 3_456_000, proof: undefined });
  });

  it('notifications use a separate topic', () => {
    expect(addressSubscriptionTopic('12D3KooW')).toBe('address-subscription_12D3KooW');
    expect(
      decodeGossip('address-subscription', fromHex(`0001${'55'.repeat(32)}c801`)),
    ).toEqual({ event: 'blockchain-extend', receipts: [{ transactionHash: '55'.repeat(32), blockNumber: 200 }] });
  });
});
