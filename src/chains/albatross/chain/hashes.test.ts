import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blake2s } from '../../../crypto/blake2s.ts';
import { keyTreeRoot } from '../../../crypto/key-tree.ts';
import { vrfEntropy } from '../../../crypto/vrf.ts';
import blocks from '../../../../test/vectors/blocks.json' with { type: 'json' };
import mainnetGenesis from '../../../../test/vectors/mainnet_genesis_header.json' with { type: 'json' };
import version2 from '../../../../test/vectors/version2.json' with { type: 'json' };
import { block as blockCodec, macroHeader } from '../wire/blocks.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import type { MacroBlock, MacroHeader, MicroBlock } from '../wire/types.ts';
import {
  blockHash, emptyDiffRoot, emptyHistoryRoot, emptyMacroBodyRoot, emptyMicroBodyRoot, forgetKeyRoot, interlinkOf, macroHeaderHash, macroVoteHash, microHeaderHash, rememberKeyRoot, skipBlockSigHash, slotKeys, validatorsRoot, voteSigHash,
} from './hashes.ts';
import { policyWith } from './policy.ts';

const blockOf = (hex: string) => decode(blockCodec, fromHex(hex));
const macroOf = (hex: string) => decode(macroHeader, fromHex(hex));
const skipHash = (header: MicroBlock['header']) => toHex(skipBlockSigHash(header)!);

describe('version 1', () => {
  it('hashes micro block 201', () => {
    const block = blockOf(blocks.micro201) as MicroBlock;
    expect(toHex(microHeaderHash(block.header))).toBe(blocks.micro201_hash);
    expect(blockHash(block)).toBe(blocks.micro201_hash);
    expect([block.header.bodyRoot, block.header.diffRoot, block.header.historyRoot]).toEqual([emptyMicroBodyRoot, emptyDiffRoot, emptyHistoryRoot]);
  });

  it('hashes checkpoint 232 and its vote', () => {
    const block = blockOf(blocks.macro232) as MacroBlock;
    expect(blockHash(block)).toBe(blocks.macro232_hash);
    expect(toHex(macroVoteHash(block.header))).toBe(blocks.macro232_blake2s);
    expect(toHex(voteSigHash(block.header, block.justification!.round))).toBe(blocks.vote_hash);
    expect(toHex(blake2s(fromHex(blocks.vote_preimage)))).toBe(blocks.vote_hash);
    expect(block.header.bodyRoot).toBe(emptyMacroBodyRoot);
  });

  it.each([
    ['unit', '4f8f18fcfe98ccacee0745b6aa69365cd28c836f962d577de57f04aa17fe54a1', '730ee457b1e41551e9cf383e522b2ef3bc9b7ac9a19696b9a5279c47733a3657'],
    ['dev', 'bd79d1e2dd97e7ca0940fcd719f52baa473859661b5d7d4f092603d1d3fc67ad', '6b599b1595851806bfdee2577c252afaeb368950d998d31a9d646c8e1a6e17a6'],
    ['test', 'f0d70a89e841e8a8e66663d444bbd7136937cd8fd885774d0d42fb458ae3b598', '77569bb7ea6eb61bfd34fdaa1bc535e5182f308476b3d378dec01824f67edc85'],
    ['main', '968f7ad96731644edd4949961ae186ae832ddbb79284db1069799d66ae5bfd06', '4630df155f0e842f5f44985bb5125d4c88a13c1c2f7de34981a066f9e6c98b25'],
  ])('hashes the genesis block of %s', (name, hash, voteHash) => {
    const bytes = readFileSync(new URL(`../../../../test/vectors/genesis-${name}-albatross.block.dat`, import.meta.url));
    const block = decode(blockCodec, new Uint8Array(bytes)) as MacroBlock;
    expect(blockHash(block)).toBe(hash);
    expect(toHex(macroVoteHash(block.header))).toBe(voteHash);
  });

  it('hashes the header of the main network genesis, with its key tree', () => {
    const header = macroOf(mainnetGenesis.header_postcard_hex);
    expect(header.validators).toHaveLength(30);
    const root = validatorsRoot(header.version, header.validators!);
    expect(toHex(root)).toBe(mainnetGenesis.pk_tree_root_blake2s);
    expect(toHex(macroHeaderHash(header, { validatorsRoot: root }))).toBe(mainnetGenesis.header_hash_blake2b);
    expect(toHex(macroHeaderHash(header, { hash: blake2s }))).toBe(mainnetGenesis.header_hash_blake2s);
  });
});

// The vectors themselves: test/version2-vectors.test.ts.
describe('version 2', () => {
  it("uses the justification's round in the vote, not the header's", () => {
    for (const vector of [version2.election_456_v2_after_v1, version2.election_456_v2_after_v2]) {
      expect(macroOf(vector.header).round).toBe(2);
      expect(toHex(voteSigHash(macroOf(vector.header), 5))).toBe(vector.vote_sig_hash);
      expect(toHex(voteSigHash(macroOf(vector.header), 2))).not.toBe(vector.vote_sig_hash);
    }
  });

  it('covers the state root of a skip block from version 2 on only', () => {
    const { header } = blockOf(version2.skip_v2.block) as MicroBlock;
    const other = { ...header, stateRoot: '11'.repeat(32) };
    expect(skipHash(other)).not.toBe(skipHash(header));
    expect(skipHash({ ...other, version: 1 })).toBe(skipHash({ ...header, version: 1 }));
  });

  it('gives no message for a seed that is not a point', () => {
    const { header } = decode(blockCodec, fromHex(version2.skip_v2.block)) as MicroBlock;
    const seed = Uint8Array.from(header.seed);
    for (let i = 0; i < 256 && vrfEntropy(seed); i += 1) seed[0] = i;
    expect(skipBlockSigHash({ ...header, seed })).toBeUndefined();
  });
});

describe('validatorsRoot', () => {
  it('uses the precomputed root of a version 1 list', () => {
    const validators = [...macroOf(mainnetGenesis.header_postcard_hex).validators!];
    const root = keyTreeRoot(slotKeys(validators));
    expect(root).toEqual(validatorsRoot(1, validators));
    const told = Uint8Array.from({ length: 32 }, (_, i) => i);
    const records = validatorsRoot(2, validators);
    rememberKeyRoot(validators, told);
    expect(validatorsRoot(1, validators)).toBe(told);
    expect(validatorsRoot(2, validators)).toEqual(records);
    // A root is used only for that one list.
    expect(validatorsRoot(1, [...validators])).toEqual(root);
  });

  it("issue 11: computes a header's hash once, and anew when the precomputed root is not trusted", () => {
    const { interlink = [], ...rest } = macroOf(mainnetGenesis.header_postcard_hex);
    let read = 0;
    const header = Object.defineProperty({ ...rest }, 'interlink', { enumerable: true, get: () => ((read += 1), interlink) }) as MacroHeader;
    const block: MacroBlock = { type: 'macro', header, justification: undefined, body: undefined };
    rememberKeyRoot(header.validators!, new Uint8Array(32));
    const told = blockHash(block);
    expect([blockHash({ ...block, body: undefined }), read]).toEqual([told, 1]);
    forgetKeyRoot(header);
    expect(blockHash(block)).not.toBe(told);
    expect([blockHash(block), read]).toEqual([blockHash(block), 2]);
  });

  it('handles any list without reading more than 512 slots', () => {
    const [validator] = macroOf(mainnetGenesis.header_postcard_hex).validators!;
    const wide = Array.from({ length: 512 }, () => ({ ...validator!, slots: { start: 0, end: 0xffff } }));
    const all = [{ ...validator!, slots: { start: 0, end: 512 } }];
    expect(validatorsRoot(1, wide)).toEqual(validatorsRoot(1, all));
    for (const version of [1, 2]) {
      expect(validatorsRoot(version, [])).toHaveLength(32);
      expect(validatorsRoot(version, [{ ...validator!, slots: { start: 9, end: 3 } }])).toHaveLength(32);
    }
  });
});

describe('interlinkOf', () => {
  const policy = policyWith({ genesisNumber: 200, blocksPerBatch: 32, batchesPerEpoch: 4 });

  it('has as entry i the newest earlier election block whose epoch is divisible by 2^(i+1)', () => {
    const template = macroOf(version2.election_v2_one_validator.header);
    const hashOf = (epoch: number) => epoch.toString(16).padStart(64, '0');
    let election: MacroHeader = { ...template, blockNumber: 200, interlink: [] };
    for (let epoch = 1; epoch <= 64; epoch += 1) {
      const interlink = interlinkOf(election, hashOf(epoch - 1), policy);
      const expected: string[] = [];
      for (let step = 2; step < epoch; step *= 2) expected.push(hashOf(Math.floor((epoch - 1) / step) * step));
      expect(interlink).toEqual(expected);
      election = { ...template, blockNumber: policy.electionBlockOf(epoch), interlink };
    }
  });
});
