import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { block as blockCodec } from '../wire/blocks.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import type { MacroBlock } from '../wire/types.ts';
import { blockHash } from './hashes.ts';
import { checkNetworkParameters, loadGenesis, NetworkParametersError } from './network-parameters.ts';
import { unitAlbatross } from './networks/unit-albatross.ts';

function codeOf(value: unknown): string {
  try {
    checkNetworkParameters(value);
    return 'fine';
  } catch (error) {
    return error instanceof NetworkParametersError ? `${error.code} ${error.field}` : String(error);
  }
}

const genesis = decode(blockCodec, fromHex(unitAlbatross.genesisBlock)) as MacroBlock;

/** The parameters with another genesis block, its hash adjusted. */
function withGenesis(header: Partial<MacroBlock['header']>) {
  const block: MacroBlock = { ...genesis, header: { ...genesis.header, ...header } };
  return { ...unitAlbatross, genesisBlock: toHex(encode(blockCodec, block)), genesisHash: blockHash(block) };
}

describe('unit-albatross', () => {
  it('carries the genesis block of the official client', () => {
    const bytes = readFileSync(new URL('../../../../test/vectors/genesis-unit-albatross.block.dat', import.meta.url));
    expect(unitAlbatross.genesisBlock).toBe(toHex(new Uint8Array(bytes)));
    expect(loadGenesis(unitAlbatross).header.blockNumber).toBe(200);
  });

  it('passes its own check, also as JSON', () => {
    expect(checkNetworkParameters(JSON.parse(JSON.stringify(unitAlbatross)))).toEqual(unitAlbatross);
  });
});

describe('checkNetworkParameters', () => {
  it('accepts the other networks', () => {
    for (const [name, networkId, hash] of [
      ['dev', 6, 'bd79d1e2dd97e7ca0940fcd719f52baa473859661b5d7d4f092603d1d3fc67ad'],
      ['test', 5, 'f0d70a89e841e8a8e66663d444bbd7136937cd8fd885774d0d42fb458ae3b598'],
      ['main', 24, '968f7ad96731644edd4949961ae186ae832ddbb79284db1069799d66ae5bfd06'],
    ] as const) {
      const bytes = readFileSync(new URL(`../../../../test/vectors/genesis-${name}-albatross.block.dat`, import.meta.url));
      const network = { ...unitAlbatross, name: `${name}-albatross`, networkId, genesisBlock: toHex(new Uint8Array(bytes)), genesisHash: hash, blocksPerBatch: 60, batchesPerEpoch: 720 };
      expect(codeOf(network)).toBe('fine');
    }
  });

  it('does not require a verifying key', () => {
    const { zkp: _, ...network } = unitAlbatross;
    expect(checkNetworkParameters(network)).toEqual(network);
  });

  it('keeps the flag that a network is for development', () => {
    const { development: _, ...silent } = unitAlbatross;
    for (const said of [{}, { development: false }, { development: true }]) expect(checkNetworkParameters({ ...silent, ...said })).toEqual({ ...silent, ...said });
  });

  it('drops unknown fields and keeps a pin', () => {
    const pinnedElection = { hash: 'ab'.repeat(32) };
    expect(checkNetworkParameters({ ...unitAlbatross, pinnedElection, extra: 1 })).toEqual({ ...unitAlbatross, pinnedElection });
  });

  it('issue 11.1: accepts seeds with and without an operator, and drops their other fields', () => {
    const seeds = ['/dns4/a.example/tcp/1/wss', { address: '/dns4/b.example/tcp/1/wss', operator: 'b.example' }];
    expect(checkNetworkParameters({ ...unitAlbatross, seeds: [seeds[0], { ...(seeds[1] as object), extra: 1 }] }).seeds).toEqual(seeds);
  });

  it.each([
    [undefined, 'not-an-object '],
    [null, 'not-an-object '],
    [[], 'not-an-object '],
    ['unit-albatross', 'not-an-object '],
    [{}, 'wrong-type name'],
    [{ ...unitAlbatross, name: 'Unit Albatross' }, 'out-of-range name'],
    [{ ...unitAlbatross, networkId: '7' }, 'wrong-type networkId'],
    [{ ...unitAlbatross, networkId: 256 }, 'out-of-range networkId'],
    [{ ...unitAlbatross, genesisBlock: 7 }, 'wrong-type genesisBlock'],
    [{ ...unitAlbatross, genesisBlock: 'xyz' }, 'not-hex genesisBlock'],
    [{ ...unitAlbatross, genesisBlock: '00'.repeat(300_000) }, 'out-of-range genesisBlock'],
    [{ ...unitAlbatross, genesisBlock: '0007' }, 'genesis-undecodable genesisBlock'],
    [{ ...unitAlbatross, genesisHash: 'AB'.repeat(32) }, 'out-of-range genesisHash'],
    [{ ...unitAlbatross, genesisHash: 'ab'.repeat(32) }, 'genesis-hash-mismatch genesisHash'],
    [{ ...unitAlbatross, blocksPerBatch: 1 }, 'out-of-range blocksPerBatch'],
    [{ ...unitAlbatross, batchesPerEpoch: 0.5 }, 'out-of-range batchesPerEpoch'],
    [{ ...unitAlbatross, maxVersion: 3 }, 'out-of-range maxVersion'],
    [{ ...unitAlbatross, blockSeparationTime: Number.NaN }, 'out-of-range blockSeparationTime'],
    [{ ...unitAlbatross, minProducerTimeout: -1 }, 'out-of-range minProducerTimeout'],
    [{ ...unitAlbatross, timestampMaxDrift: Infinity }, 'out-of-range timestampMaxDrift'],
    [{ ...unitAlbatross, seeds: 'x' }, 'wrong-type seeds'],
    [{ ...unitAlbatross, seeds: [1] }, 'wrong-type seeds'],
    [{ ...unitAlbatross, seeds: ['javascript:'] }, 'out-of-range seeds'],
    [{ ...unitAlbatross, seeds: [null] }, 'wrong-type seeds'],
    [{ ...unitAlbatross, seeds: [{ address: '/dns4/a.example/tcp/1/wss' }] }, 'wrong-type seeds'],
    [{ ...unitAlbatross, seeds: [{ address: 'a', operator: 'a' }] }, 'out-of-range seeds'],
    [{ ...unitAlbatross, seeds: [{ address: '/dns4/a.example/tcp/1/wss', operator: '' }] }, 'out-of-range seeds'],
    [{ ...unitAlbatross, seeds: [{ address: '/dns4/a.example/tcp/1/wss', operator: 'x'.repeat(65) }] }, 'out-of-range seeds'],
    [{ ...unitAlbatross, seeds: Array.from({ length: 65 }, () => '/dns4/a/tcp/1/ws') }, 'out-of-range seeds'],
    [{ ...unitAlbatross, pinnedElection: 'ab' }, 'not-an-object pinnedElection'],
    [{ ...unitAlbatross, pinnedElection: { hash: 'ab' } }, 'out-of-range hash'],
    [{ ...unitAlbatross, zkp: null }, 'not-an-object zkp'],
    [{ ...unitAlbatross, zkp: {} }, 'wrong-type verifyingKey'],
    [{ ...unitAlbatross, zkp: { verifyingKey: '' } }, 'out-of-range verifyingKey'],
    [{ ...unitAlbatross, zkp: { verifyingKey: `${unitAlbatross.zkp?.verifyingKey}00` } }, 'out-of-range verifyingKey'],
    [{ ...unitAlbatross, zkp: { verifyingKey: unitAlbatross.zkp?.verifyingKey.toUpperCase() } }, 'not-hex verifyingKey'],
    [{ ...unitAlbatross, zkp: { verifyingKey: '00'.repeat(3048) } }, 'verifying-key-invalid verifyingKey'],
    [{ ...unitAlbatross, zkp: { ...unitAlbatross.zkp, keysCommitment: 7 } }, 'wrong-type keysCommitment'],
    [{ ...unitAlbatross, zkp: { ...unitAlbatross.zkp, keysCommitment: 'ab' } }, 'out-of-range keysCommitment'],
    [{ ...unitAlbatross, zkp: { ...unitAlbatross.zkp, keysCommitment: 'xy'.repeat(190) } }, 'not-hex keysCommitment'],
    [{ ...unitAlbatross, development: 'yes' }, 'wrong-type development'],
    [{ ...unitAlbatross, development: null }, 'wrong-type development'],
    // The genesis block belongs to another network, or breaks a rule.
    [{ ...unitAlbatross, networkId: 5 }, 'genesis-invalid genesisBlock'],
    [withGenesis({ validators: undefined }), 'genesis-not-election genesisBlock'],
    [withGenesis({ interlink: undefined }), 'genesis-not-election genesisBlock'],
    [withGenesis({ validators: [] }), 'genesis-invalid genesisBlock'],
    [withGenesis({ version: 9 }), 'genesis-invalid genesisBlock'],
  ])('refuses wrong parameters (%#)', (value, code) => {
    expect(codeOf(value)).toBe(code);
  });
});
