import { describe, expect, it } from 'vitest';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import { DevChain } from './chain.ts';
import { PeerView } from './peer-view.ts';
import { seededRandom } from './seeded-random.ts';
import { serve } from './serve.ts';
import { deriveValidator, unitValidator } from './validators.ts';

const UNIT = [unitValidator(loadGenesis(unitAlbatross).header.validators![0]!)];
const chain = new DevChain({ network: unitAlbatross, seed: 'prune', genesisValidators: UNIT, electedValidators: UNIT, now: () => 1_800_000_000_000 });
const view = new PeerView({ chain, random: seededRandom('prune', 'test'), attacker: deriveValidator('prune', 'attacker'), now: () => 1_800_000_000_000 });
const produceTo = (height: number): void => {
  while (chain.head.height < height) chain.produce();
};
const at = (height: number): string => chain.at(height)!.hash;
const block = (hash: string) => serve(view, 'block', { hash, includeBody: false });
const missing = (target: number, locator: number, direction: 'forward' | 'backward' = 'forward') => {
  const answer = serve(view, 'missing-blocks', { targetHash: at(target), includeBody: false, locators: [at(locator)], direction });
  return answer.ok ? answer.value.blocks.map(({ header }) => header.blockNumber) : answer.error;
};
const notFound = { ok: false, error: 'TargetHashNotFound' };

// Epochs end with 328, 456 and 584.
describe('what a peer has pruned', () => {
  it('is nothing before the second epoch has ended', () => {
    produceTo(455);
    const left = chain.at(440)!;
    expect([block(at(201)), block(at(232)), block(left.hash)]).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(missing(210, 200)).toEqual([201, 202, 203, 204, 205, 206, 207, 208, 209, 210]);
  });

  it('is all of the first epoch but its election block, when the second has ended', () => {
    produceTo(456);
    expect([201, 232, 327].map((height) => block(at(height)))).toEqual([notFound, notFound, notFound]);
    expect([200, 328, 329, 360, 456].map((height) => block(at(height)).ok)).toEqual([true, true, true, true, true]);
  });

  it('is not given as missing blocks, and is no locator', () => {
    expect(missing(210, 200)).toBe('TargetHashNotFound');
    expect(missing(340, 300)).toBe('UnknownLocators');
    // The walk from the old election block finds no kept block.
    expect(missing(340, 200)).toEqual([]);
    expect(missing(328, 300, 'backward')).toEqual([328]);
    expect(missing(331, 328)).toEqual([329, 330, 331]);
    expect(serve(view, 'macro-chain', { locators: [at(296)], maxEpochs: 10 })).toEqual({ ok: false, error: 'UnknownLocators' });
    expect(serve(view, 'macro-chain', { locators: [at(296), at(200)], maxEpochs: 10 })).toEqual({ ok: true, value: { epochs: [at(328), at(456)], checkpoint: undefined } });
  });

  it('grows with every epoch, for a peer that follows the chain', () => {
    view.freeze(456);
    produceTo(600);
    expect(block(at(340)).ok).toBe(true);
    view.freeze(undefined);
    expect([block(at(340)), block(at(456)).ok, block(at(457)).ok]).toEqual([notFound, true, true]);
  });
});
