import { describe, expect, it } from 'vitest';
import { toHex } from '../../../base/bytes.ts';
import { blockAfter, makeChain, networkOf, validators } from '../../../../test/support/moloch-chain-maker.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { encodeBlock } from '../wire/block.ts';
import { validatorsHash } from './hash.ts';
import { MolochNetworkError } from './network-error.ts';
import { checkMolochNetwork, genesisOf } from './network.ts';

const network = networkOf(makeChain(0)[0]!);
const checkpoint = { height: 10, hash: '11'.repeat(32), mmrRoot: '22'.repeat(32), validatorsHash: validatorsHash(validators), totalEvents: 3, stateRoot: '33'.repeat(32) };
const whole = { ...network, checkpoint, seeds: ['/ip4/127.0.0.1/tcp/8650/ws'], blockTime: 1000 };
const hexOf = ({ item: { block } }: ReturnType<typeof blockAfter>) => toHex(encodeBlock({ header: block.header, events: block.events! }));

const errorOf = (value: unknown): [string, string] | undefined => {
  try {
    checkMolochNetwork(value);
    return undefined;
  } catch (error) {
    if (error instanceof MolochNetworkError) return [error.code, error.field];
    throw error;
  }
};

describe('checkMolochNetwork', () => {
  it('takes a network as it is, without fields that it does not know', () => {
    expect(checkMolochNetwork(network)).toEqual(network);
    expect(checkMolochNetwork({ ...whole, other: 1 })).toEqual(whole);
    expect(checkMolochNetwork(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });

  it('takes the genesis of the vectors', () => {
    const { blockBytes, hash } = molochVectors.blocks[0]!;
    expect(genesisOf({ genesis: blockBytes, genesisHash: hash }).header.height).toBe(0);
  });

  it.each<readonly [string, unknown, string, string]>([
    ['no object', [], 'not-an-object', ''],
    ['another chain', { ...whole, chain: 'hotstuff2' }, 'other-chain', 'chain'],
    ['no name', { ...whole, name: undefined }, 'wrong-type', 'name'],
    ['a name with a space', { ...whole, name: 'a b' }, 'out-of-range', 'name'],
    ['no chain id', { ...whole, chainId: 3 }, 'wrong-type', 'chainId'],
    ['an empty chain id', { ...whole, chainId: '' }, 'out-of-range', 'chainId'],
    ['genesis not hex', { ...whole, genesis: 'xy' }, 'not-hex', 'genesis'],
    ['genesis too long', { ...whole, genesis: 'ab'.repeat(1024 * 1024 + 1) }, 'out-of-range', 'genesis'],
    ['genesis no block', { ...whole, genesis: 'abcd' }, 'genesis-undecodable', 'genesis'],
    ['genesis of height 1', { ...whole, genesis: hexOf(makeChain(1)[1]!) }, 'genesis-invalid', 'genesis'],
    ['genesis with a wrong root', { ...whole, genesis: hexOf(blockAfter(undefined, { header: { eventsRoot: '11'.repeat(32) } })) }, 'genesis-invalid', 'genesis'],
    ['another hash', { ...whole, genesisHash: '11'.repeat(32) }, 'genesis-hash-mismatch', 'genesisHash'],
    ['no validators', { ...whole, validators: [] }, 'out-of-range', 'validators'],
    ['validators no list', { ...whole, validators: validators[0] }, 'wrong-type', 'validators'],
    ['a validator twice', { ...whole, validators: [...validators, validators[0]] }, 'bad-validator', 'validators'],
    ['a validator that is no point', { ...whole, validators: ['02'.padEnd(64, '0')] }, 'bad-validator', 'validators'],
    ['a validator not hex', { ...whole, validators: ['zz'] }, 'out-of-range', 'validators'],
    ['a checkpoint no object', { ...whole, checkpoint: 1 }, 'not-an-object', 'checkpoint'],
    ['a checkpoint at 0', { ...whole, checkpoint: { ...checkpoint, height: 0 } }, 'out-of-range', 'checkpoint.height'],
    ['a checkpoint without a root', { ...whole, checkpoint: { ...checkpoint, mmrRoot: undefined } }, 'wrong-type', 'checkpoint.mmrRoot'],
    ['a checkpoint of other validators', { ...whole, checkpoint: { ...checkpoint, validatorsHash: '11'.repeat(32) } }, 'other-validators', 'checkpoint.validatorsHash'],
    ['a state root not hex', { ...whole, checkpoint: { ...checkpoint, stateRoot: 'x' } }, 'out-of-range', 'checkpoint.stateRoot'],
    ['a seed that is no address', { ...whole, seeds: ['ws://x'] }, 'out-of-range', 'seeds'],
    ['too many seeds', { ...whole, seeds: Array.from({ length: 65 }, () => '/ip4/127.0.0.1/tcp/1/ws') }, 'out-of-range', 'seeds'],
    ['a block time of 0', { ...whole, blockTime: 0 }, 'out-of-range', 'blockTime'],
    ['a block time in words', { ...whole, blockTime: '1s' }, 'wrong-type', 'blockTime'],
    ['development in words', { ...whole, development: 'yes' }, 'wrong-type', 'development'],
  ])('refuses %s', (_name, value, code, field) => {
    expect(errorOf(value)).toEqual([code, field]);
  });
});
