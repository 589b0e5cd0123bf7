import { describe, expect, it } from 'vitest';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { LightChain } from '../src/chains/albatross/chain/light-chain.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import type { NetworkParameters } from '../src/chains/albatross/chain/network.ts';
import { runJobNow } from '../src/crypto/run-job.ts';
import { DevChain } from './chain.ts';
import { makeHistory } from './history.ts';
import { genesisAccounts } from './ledger/genesis-accounts.ts';
import { ownNetwork } from './network-file.ts';
import { deriveValidators, unitValidator, type DevValidator } from './validators.ts';

const UNIT: readonly DevValidator[] = [unitValidator(loadGenesis(unitAlbatross).header.validators![0]!)];
const NOW = 1_800_000_000_000;

function unitChain(elected: readonly DevValidator[] = UNIT, seed = 'chain test'): DevChain {
  return new DevChain({ network: unitAlbatross, seed, genesisValidators: UNIT, electedValidators: elected, now: () => NOW });
}

function lightChain(network: NetworkParameters = unitAlbatross): LightChain {
  return new LightChain({ network, verify: (job) => Promise.resolve(runJobNow(job)), clock: { now: () => NOW } });
}

async function pushAll(dev: DevChain, light: LightChain, from: number, to: number): Promise<void> {
  for (let height = from; height <= to; height++) expect(await light.push(dev.at(height)!.block), `block ${height}`).toMatchObject({ result: 'extended' });
}

describe('the block maker', () => {
  it('makes an epoch that the light chain accepts', async () => {
    const dev = unitChain();
    while (dev.head.height < 330) dev.produce();
    const light = lightChain();
    await pushAll(dev, light, 201, 330);
    expect(light.head.hash).toBe(dev.head.hash);
    expect(light.electionHead.height).toBe(328);
  });

  it('begins block version 2 at an election block, with three validators and skip blocks', async () => {
    const dev = unitChain(deriveValidators('three', 3));
    dev.targetVersion = 2;
    for (const block of makeHistory(dev, 1, NOW - 200_000, 1000)) expect(block.block.header.timestamp).toBeLessThanOrEqual(NOW - 200_000);
    const light = lightChain();
    for (const height of [232, 264, 296, 328]) expect(await light.pushMacro(dev.at(height)!.block), `block ${height}`).toMatchObject({ result: 'extended' });
    for (let i = 0; i < 34; i++) dev.produce({ skip: i === 3 || i === 4 });
    expect(dev.at(332)).toMatchObject({ kind: 'skip', block: { header: { version: 2 } } });
    await pushAll(dev, light, 329, 362);
  });

  it('makes a network of its own', async () => {
    const validators = deriveValidators('own', 3);
    const network = ownNetwork(unitAlbatross, 'own', validators);
    expect(ownNetwork(unitAlbatross, 'own', deriveValidators('own', 3)).genesisHash).toBe(network.genesisHash);
    const dev = new DevChain({ network, seed: 'own', genesisAccounts: genesisAccounts(network, 'own'), genesisValidators: validators, electedValidators: validators, now: () => NOW });
    while (dev.head.height < 234) dev.produce();
    await pushAll(dev, lightChain(network), 201, 234);
  });

  it('makes the same chain from the same seed, and another chain from another seed', () => {
    const heads = ['a', 'a', 'b'].map((seed) => {
      const dev = unitChain(UNIT, seed);
      for (let i = 0; i < 3; i++) dev.produce();
      return dev.head.hash;
    });
    expect(heads[0]).toBe(heads[1]);
    expect(heads[2]).not.toBe(heads[0]);
  });

  it('makes a history of which only the last epoch is complete', async () => {
    const dev = unitChain();
    const made = makeHistory(dev, 4, NOW, 1000);
    expect(made.length).toBe(3 + 128);
    expect(dev.head).toMatchObject({ height: 200 + 4 * 128, kind: 'election' });
    expect(dev.at(583)).toBeUndefined();
    expect(dev.at(585)).toBeDefined();
    const light = lightChain();
    for (const height of [328, 456, 584, 712]) expect(await light.pushMacro(dev.at(height)!.block)).toMatchObject({ result: 'extended' });
  });

  it('adopts a branch in place of the blocks it reverts', () => {
    const dev = unitChain();
    for (let i = 0; i < 3; i++) dev.produce();
    const left = [dev.at(202)!, dev.at(203)!];
    const other = dev.next({ parent: dev.at(201)!, timestamp: NOW + 5 });
    expect(dev.add(other)).toEqual(left);
    expect(dev.head).toBe(other);
    expect(dev.at(203)).toBeUndefined();
    expect(dev.byHash(left[0]!.hash)).toBe(left[0]);
    expect(dev.onMain(left[0]!)).toBe(false);
  });
});
