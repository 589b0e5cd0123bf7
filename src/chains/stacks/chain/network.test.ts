import { anything, assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../../test/support/runs.ts';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import { StacksNetworkError } from './network-error.ts';
import { checkpointSet, checkStacksNetwork, nakamotoHeight, type StacksNetwork } from './network.ts';

const { signer_sets, headers } = chainA;
const block = headers[0]!;
const good: StacksNetwork = {
  chain: 'stacks',
  name: 'stacks-devnet',
  genesisHash: headers[0]!.parent_block_id,
  networkId: Number(chainA.network_id),
  bootAddress: 'ST000000000000000000002AMW42H',
  firstBurnHeight: 0,
  cycleLength: 10,
  prepareLength: 3,
  epochs: [{ id: '2.5', startHeight: 31 }, { id: '3.0', startHeight: 42 }],
  checkpoint: { cycle: 4, burnHeight: 42, signers: signer_sets['4']!.map((it) => ({ key: it.signing_key, weight: it.weight })), block: { id: block.block_id, height: block.height, time: 1_700_000_000 } },
  gateways: ['https://example.org/stacks', 'http://127.0.0.1:8080'],
  development: true,
};
const { checkpoint } = good;
/** The code and field of what a value is refused for; undefined: it is taken. Anything else is thrown on. */
const codeOfAny = (value: unknown) => {
  try {
    checkStacksNetwork(value);
    return undefined;
  } catch (error) {
    if (error instanceof StacksNetworkError) return `${error.code} ${error.field}`;
    throw error;
  }
};
const codeOf = (fields: object) => codeOfAny({ ...good, ...fields });
const withCheckpoint = (fields: object) => ({ checkpoint: { ...checkpoint, ...fields } });

describe('the parameters of a network', () => {
  it('are taken as they are, without fields that have no meaning', () => {
    expect(checkStacksNetwork({ ...good, other: 1 })).toEqual(good);
    expect(checkStacksNetwork({ ...good, gateways: ['https://example.org/'] }).gateways).toEqual(['https://example.org']);
    // The address of a page names gateways as `seeds`.
    expect(checkStacksNetwork({ ...good, seeds: ['https://other.example/'] }).gateways).toEqual(['https://other.example']);
    const { development: _development, ...rest } = good;
    expect(checkStacksNetwork(rest)).toEqual(rest);
    expect(nakamotoHeight(good.epochs)).toBe(42);
    expect(checkpointSet(checkpoint).members).toHaveLength(6);
  });

  it.each([
    ['other-chain chain', { chain: 'moloch' }],
    ['wrong-type name', { name: 1 }],
    ['out-of-range name', { name: 'A' }],
    ['out-of-range networkId', { networkId: 2 ** 32 }],
    ['bad-boot-address bootAddress', { bootAddress: 'ST000000000000000000002AMW42J' }],
    ['out-of-range cycleLength', { cycleLength: 2101 }],
    ['out-of-range prepareLength', { prepareLength: 10 }],
    ['wrong-type firstBurnHeight', { firstBurnHeight: '0' }],
    ['out-of-range epochs', { epochs: [] }],
    ['bad-epochs epochs', { epochs: good.epochs.toReversed() }],
    ['bad-epochs epochs', { epochs: good.epochs.slice(0, 1) }],
    ['bad-epochs epochs', { epochs: [...good.epochs, { id: '3.0', startHeight: 50 }] }],
    ['not-an-object checkpoint', { checkpoint: undefined }],
    ['not-an-object checkpoint.block', withCheckpoint({ block: 1 })],
    ['bad-checkpoint checkpoint.burnHeight', withCheckpoint({ burnHeight: 41 })],
    ['bad-checkpoint checkpoint.cycle', withCheckpoint({ burnHeight: 50 })],
    ['out-of-range checkpoint.block.id', withCheckpoint({ block: { ...checkpoint.block, id: 'AA'.repeat(32) } })],
    ['out-of-range checkpoint.block.time', withCheckpoint({ block: { ...checkpoint.block, time: 8_640_000_000_001 } })],
    ['out-of-range checkpoint.signers', withCheckpoint({ signers: [] })],
    ['bad-signers checkpoint.signers', withCheckpoint({ signers: checkpoint.signers.toReversed() })],
    ['bad-signers checkpoint.signers', withCheckpoint({ signers: [checkpoint.signers[0], checkpoint.signers[0]] })],
    ['out-of-range checkpoint.signers.key', withCheckpoint({ signers: [{ key: '04'.repeat(33), weight: 1 }] })],
    ['out-of-range checkpoint.signers.weight', withCheckpoint({ signers: [{ ...checkpoint.signers[0], weight: 0 }] })],
    ['wrong-type gateways', { gateways: [1] }],
    ['bad-gateway gateways', { gateways: ['nothing'] }],
    ['bad-gateway seeds', { seeds: ['http://example.org'] }],
    ['wrong-type seeds', { seeds: [{ address: 'https://example.org' }] }],
    ['bad-gateway gateways', { gateways: ['http://example.org'] }],
    ['bad-gateway gateways', { gateways: ['https://a:b@example.org'] }],
    ['bad-gateway gateways', { gateways: ['https://example.org/?a'] }],
    ['bad-gateway gateways', { gateways: ['wss://example.org'] }],
    ['out-of-range gateways', { gateways: Array.from({ length: 17 }, () => 'https://example.org') }],
    ['wrong-type development', { development: 1 }],
  ])('are refused: %s', (code, fields) => {
    expect(codeOf(fields)).toBe(code);
  });

  it('never throw anything but a coded error', () => {
    assert(property(anything(), anything(), (value, part) => {
      for (const it of [value, { ...good, checkpoint: part }, { ...good, epochs: part }, { ...good, gateways: [part] }, withCheckpoint({ signers: [part] })]) {
        expect(() => codeOfAny(it)).not.toThrow();
      }
    }), runs(100, 10_000));
    expect(codeOf({})).toBeUndefined();
  });
});
