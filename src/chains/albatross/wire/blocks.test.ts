import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bitSetCount } from './bit-set.ts';
import { block, blockHeaderMessage, macroHeader, microHeader, tendermintProof } from './blocks.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import { Writer } from '../../../base/postcard/writer.ts';
import type { MacroBlock } from './types.ts';

const vectors = new URL('../../../../test/vectors/', import.meta.url);
const json = (name: string): unknown => JSON.parse(readFileSync(new URL(name, vectors), 'utf8'));
const real = json('blocks.json') as { micro201: string; macro232: string; sig: string };
const genesisOf = (network: string): Uint8Array => new Uint8Array(readFileSync(new URL(`genesis-${network}-albatross.block.dat`, vectors)));

/** Decodes without remaining bytes, and expects the same bytes from the encoder. */
function roundTrip<T>(codec: Codec<T>, hex: string): T {
  const value = decode(codec, fromHex(hex));
  expect(toHex(encode(codec, value))).toBe(hex);
  return value;
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
  return 'none';
}

describe('real blocks', () => {
  it('micro block 201', () => {
    const value = roundTrip(block, real.micro201);
    expect(value).toMatchObject({ type: 'micro', justification: { type: 'micro' }, body: { equivocationProofs: [], transactions: [] } });
    expect(value.header).toMatchObject({
      network: 7, version: 1, blockNumber: 201, timestamp: 1_635_581_061_000, parentHash: '4f8f18fcfe98ccacee0745b6aa69365cd28c836f962d577de57f04aa17fe54a1',
    });
    // Empty body, no changes, empty history (Albatross block reference, 2.4).
    expect(value.header.bodyRoot).toBe('774f9018b4b2cdc08f8928e89b0d963ac388e537b003492c69aafeeab976e553');
    expect(value.header.diffRoot).toBe('03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314');
    expect(value.header.historyRoot).toBe('81e47a19e6b29b0a65b9591762ce5143ed30d0261e5d24a3201752506b20f15c');
  });

  it('checkpoint block 232', () => {
    const value = roundTrip(block, real.macro232) as MacroBlock;
    expect(value).toMatchObject({ type: 'macro', body: { transactions: [] }, justification: { round: 0 } });
    expect(value.header).toMatchObject({ blockNumber: 232, round: 0, interlink: undefined, validators: undefined, nextBatchInitialPunishedSet: { words: [] } });
    expect(toHex(value.justification!.sig.signature)).toBe(real.sig);
    expect(bitSetCount(value.justification!.sig.signers)).toBe(512);
  });

  it.each([
    ['unit', 7, 200, 1_635_581_060_000, 1],
    ['dev', 6, 21_600, 1_679_443_200_000, 8],
    ['test', 5, 3_032_010, 1_781_067_600_000, 14],
    ['main', 24, 3_456_000, 1_732_034_720_000, 30],
  ])('genesis of %s', (name, network, blockNumber, timestamp, validators) => {
    const value = roundTrip(block, toHex(genesisOf(name))) as MacroBlock;
    expect(value).toMatchObject({ type: 'macro', body: { transactions: [] }, justification: undefined });
    expect(value.header).toMatchObject({ network, version: 1, blockNumber, timestamp, round: 0, interlink: [] });
    const bands = value.header.validators!.map(({ slots }) => slots);
    expect(bands).toHaveLength(validators);
    expect(bands.every(({ start }, at) => start === (bands[at - 1]?.end ?? 0))).toBe(true);
    expect(bands.at(-1)!.end).toBe(512);
  });

  it('the header of the mainnet genesis block', () => {
    interface VectorValidator {
      readonly address: string;
      readonly voting_key: string;
      readonly signing_key: string;
      readonly slots: readonly [number, number];
    }
    const vector = json('mainnet_genesis_header.json') as { header_postcard_hex: string; validators: VectorValidator[] };
    const header = roundTrip(macroHeader, vector.header_postcard_hex);
    const found = header.validators!.map(
      ({ address, votingKey, signingKey, slots }) => [toHex(address), toHex(votingKey), toHex(signingKey), slots.start, slots.end],
    );
    expect(found).toEqual(vector.validators.map(({ address, voting_key, signing_key, slots }) => [address, voting_key, signing_key, ...slots]));
  });
});

describe('version2.json', () => {
  /** Every hex string under these keys, with its path and whether it belongs to a macro block. */
  function found(value: unknown, path: string): [string, string, string][] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, part]): [string, string, string][] =>
      typeof part === 'string' && /^(?:[0-9a-f]{2}){80,}$/.test(part) ? [[`${path}.${key}`, key, part]] : found(part, `${path}.${key}`),
    );
  }
  const all = found(json('version2.json'), '');
  const of = (...keys: string[]): [string, string][] => all.filter(([, key]) => keys.includes(key)).map(([path, , hex]) => [path, hex]);

  it('has the items that the following tests expect', () => {
    expect(of('block').length).toBeGreaterThanOrEqual(16);
    expect(of('block_header_message').length).toBeGreaterThanOrEqual(30);
    expect(of('header', 'predecessor_header_455').length).toBeGreaterThanOrEqual(20);
    expect(of('justification')).toHaveLength(2);
  });

  it.each(of('block'))('block %s', (_, hex) => expect(roundTrip(block, hex)).toBeDefined());
  it.each(of('block_header_message'))('header message %s', (_, hex) => expect(roundTrip(blockHeaderMessage, hex)).toBeDefined());
  it.each(of('justification'))('justification %s', (_, hex) => expect(roundTrip(tendermintProof, hex)).toBeDefined());
  it.each(of('header', 'predecessor_header_455'))('header %s', (path, hex) => {
    const isMicro = /micro|skip|predecessor/.test(path);
    expect(isMicro ? roundTrip(microHeader, hex) : roundTrip(macroHeader, hex)).toBeDefined();
  });

  it('reads a skip block', () => {
    const { skip_v2: skip } = json('version2.json') as { skip_v2: { block: string; aggregate_signature_all_512: string } };
    const value = decode(block, fromHex(skip.block));
    expect(value).toMatchObject({ type: 'micro', justification: { type: 'skip' } });
    if (value.type !== 'micro' || value.justification?.type !== 'skip') throw new Error('not a skip block');
    expect(toHex(value.justification.proof.signature)).toBe(skip.aggregate_signature_all_512);
  });
});

describe('refusals', () => {
  const micro = fromHex(real.micro201);

  it('an overlong varint in a header', () => {
    // Block number 201 is c9 01 at byte 3; c9 81 00 means the same.
    const overlong = Uint8Array.from([...micro.subarray(0, 4), 0x81, 0x00, ...micro.subarray(5)]);
    expect(() => decode(block, overlong)).toThrow(expect.objectContaining({ name: 'DecodeError', code: 'non-canonical-varint', offset: 3 }));
  });

  it('trailing bytes, unless allowed', () => {
    const longer = Uint8Array.from([...micro, 0]);
    expect(codeOf(() => decode(block, longer))).toBe('trailing-bytes');
    expect(decode(block, longer, { allowTrailing: true })).toEqual(decode(block, micro));
  });

  it('an unknown kind of block', () => {
    expect(codeOf(() => decode(block, Uint8Array.from([2, ...micro.subarray(1)])))).toBe('unknown-variant');
  });

  it('more than 32 interlink hashes, and extra data above the bound', () => {
    const { header } = decode(block, genesisOf('unit')) as MacroBlock;
    const prefix = encode(macroHeader, { ...header, interlink: [] });
    // The interlink's count of hashes is right before the seed.
    const at = toHex(prefix).indexOf(toHex(header.seed)) / 2 - 1;
    const w = new Writer();
    w.raw(prefix.subarray(0, at));
    w.varint(33, 33);
    w.raw(new Uint8Array(33 * 32));
    w.raw(prefix.subarray(at + 1));
    expect(codeOf(() => decode(macroHeader, w.finish()))).toBe('length-over-limit');
    expect(
      () => encode(macroHeader, { ...header, extraData: new Uint8Array(256) }),
    ).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'over-limit' }));
    expect(decode(macroHeader, encode(macroHeader, { ...header, extraData: new Uint8Array(255) })).extraData).toHaveLength(255);
  });
});

describe('memory', () => {
  it("values do not keep the message's buffer alive", () => {
    const message = new Uint8Array(1_000_000);
    const bytes = fromHex(real.micro201);
    message.set(bytes);
    const value = decode(block, message, { allowTrailing: true });
    expect(value.header.seed.buffer.byteLength).toBe(96);
    expect(value.header.extraData.buffer.byteLength).toBe(0);
  });

  it('Node buffers are copied to plain arrays', () => {
    const buffer = Buffer.from(real.micro201, 'hex');
    const value = decode(block, buffer);
    expect(value.header.seed.constructor).toBe(Uint8Array);
    const before = toHex(value.header.seed);
    buffer.fill(0);
    expect(toHex(value.header.seed)).toBe(before);
  });
});
