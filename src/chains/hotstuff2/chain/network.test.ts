import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHotStuff2Network, genesisOf, type Hs2Network } from './network.ts';
import { HotStuff2NetworkError } from './network-error.ts';

interface Vectors {
  readonly n4: {
    readonly name: string;
    readonly chainId: string;
    readonly validatorsBytes: string;
    readonly genesisState: readonly { readonly key: string; readonly value: string }[];
    readonly blocks: readonly { readonly header: string; readonly hash: string }[];
  };
}
const { n4 } = JSON.parse(readFileSync(new URL('../../../../test/vectors/hotstuff2.json', import.meta.url), 'utf8')) as Vectors;

const good: Hs2Network = {
  chain: 'hotstuff2',
  name: n4.name,
  chainId: n4.chainId,
  genesis: n4.blocks[0]!.header,
  genesisHash: n4.blocks[0]!.hash,
  genesisState: n4.genesisState,
  validators: n4.validatorsBytes,
  seeds: ['/ip4/127.0.0.1/tcp/8660/ws'],
  blockTime: 1000,
  development: true,
};

const pinned = { header: n4.blocks[40]!.header, validators: n4.validatorsBytes };

/** Code and field of the error. */
function refusal(value: unknown): string | undefined {
  try {
    checkHotStuff2Network(value);
    return undefined;
  } catch (error) {
    if (error instanceof HotStuff2NetworkError) return `${error.code} ${error.data['field']}`;
    throw error;
  }
}

const flipped = (hex: string, at: number) => `${hex.slice(0, at)}${hex[at] === '0' ? '1' : '0'}${hex.slice(at + 1)}`;

describe('a network file', () => {
  it('is taken with the genesis of the vectors', () => {
    expect(checkHotStuff2Network({ ...good, more: 1 })).toEqual(good);
    expect(genesisOf(good)).toMatchObject({ header: { height: 0, view: 0 }, validators: { scheme: 'ed25519' } });
    expect(checkHotStuff2Network({ ...good, pinned: { ...pinned, more: 1 } })).toEqual({ ...good, pinned });
    const { blockTime: _, development: __, ...least } = good;
    expect(checkHotStuff2Network(least)).toEqual(least);
  });

  it.each([
    ['not-an-object ', [1]],
    ['not-an-object ', null],
    ['other-chain chain', { ...good, chain: 'albatross' }],
    ['out-of-range name', { ...good, name: 'N4' }],
    ['wrong-type name', { ...good, name: 4 }],
    ['chain-id chainId', { ...good, name: 'n5' }],
    ['chain-id chainId', { ...good, chainId: flipped(good.chainId, 3) }],
    ['out-of-range genesis', { ...good, genesis: `${good.genesis}00` }],
    ['out-of-range genesis', { ...good, genesis: good.genesis.slice(2) }],
    ['not-hex genesis', { ...good, genesis: `x${good.genesis.slice(1)}` }],
    ['genesis-invalid genesis', { ...good, genesis: flipped(good.genesis, 0) }],
    ['genesis-invalid genesis', { ...good, genesis: flipped(good.genesis, 20) }],
    ['genesis-invalid genesis', { ...good, genesis: flipped(good.genesis, 2 * 44) }],
    ['genesis-invalid genesis', { ...good, genesis: flipped(good.genesis, 2 * 59) }],
    ['genesis-invalid genesis', { ...good, genesis: flipped(good.genesis, 2 * 91) }],
    ['genesis-invalid genesis', { ...good, genesis: flipped(good.genesis, 2 * 191) }],
    ['genesis-hash genesisHash', { ...good, genesis: flipped(good.genesis, 2 * 127) }],
    ['genesis-hash genesisHash', { ...good, genesisHash: flipped(good.genesisHash, 0) }],
    ['validators-invalid validators', { ...good, validators: good.validators.slice(2) }],
    ['validators-invalid validators', { ...good, validators: `${good.validators}00` }],
    ['validators-hash validators', { ...good, validators: flipped(good.validators, good.validators.length - 1) }],
    ['genesis-state genesisState', { ...good, genesisState: [] }],
    ['genesis-state genesisState', { ...good, genesisState: [...good.genesisState, ...good.genesisState] }],
    ['out-of-range genesisState', { ...good, genesisState: [{ key: '', value: '' }] }],
    ['wrong-type genesisState', { ...good, genesisState: {} }],
    ['not-an-object pinned', { ...good, pinned: 1 }],
    ['out-of-range pinned', { ...good, pinned: { ...pinned, header: pinned.header.slice(2) } }],
    ['pinned-invalid pinned', { ...good, pinned: { ...pinned, header: flipped(pinned.header, 0) } }],
    ['pinned-invalid pinned', { ...good, pinned: { ...pinned, header: flipped(pinned.header, 20) } }],
    ['pinned-invalid pinned', { ...good, pinned: { ...pinned, header: good.genesis } }],
    ['validators-hash pinned', { ...good, pinned: { ...pinned, validators: flipped(pinned.validators, pinned.validators.length - 1) } }],
    ['out-of-range seeds', { ...good, seeds: ['ws://127.0.0.1'] }],
    ['wrong-type seeds', { ...good, seeds: [{}] }],
    ['out-of-range seeds', { ...good, seeds: Array.from({ length: 65 }, () => '/ip4/127.0.0.1/tcp/1/ws') }],
    ['out-of-range blockTime', { ...good, blockTime: 0 }],
    ['wrong-type blockTime', { ...good, blockTime: '1' }],
    ['wrong-type development', { ...good, development: 1 }],
  ])('is refused: %s', (expected, value) => {
    expect(refusal(value)).toBe(expected);
  });

  it('is refused with a coded error whatever a field holds', () => {
    fc.assert(fc.property(fc.constantFrom(...Object.keys(good)), fc.anything(), (field, value) => void expect(refusal({ ...good, [field]: value })).not.toBe('')), { numRuns: 300 });
  });
});
