import { describe, expect, it } from 'vitest';
import { chainIn, chainOf, originName } from './origin-name.ts';

const genesisHash = '4F8F18FCFE98CCACEE0745B6AA69365CD28C836F962D577DE57F04AA17FE54A1';

describe('originName', () => {
  it('keeps the old name for Albatross, so that stored chains stay', () => {
    expect(originName({ genesisHash })).toBe('petrel/4f8f18fc');
    expect(originName({ chain: 'albatross', genesisHash })).toBe('petrel/4f8f18fc');
  });

  it('has the chain in the name of all others', () => {
    expect(originName({ chain: 'toy', genesisHash })).toBe('petrel/toy/4f8f18fc');
  });
});

it.each([
  ['petrel/4f8f18fc/b1', 'albatross'],
  ['petrel/4f8f18fc/elected/b1', 'albatross'],
  ['petrel/toy/4f8f18fc/b1', 'toy'],
  ['petrel/toy/4f8f18fc/elected/b1/2', 'toy'],
  ['petrel/signatures', undefined],
  ['', undefined],
])('the chain in the name %j: %j', (name, chain) => {
  expect(chainIn(name)).toBe(chain);
});

it.each([
  [undefined, 'albatross'],
  [{}, 'albatross'],
  [{ chain: 'toy' }, 'toy'],
  [{ chain: 'Toy' }, undefined],
  [{ chain: '' }, undefined],
  [{ chain: '../x' }, undefined],
  [{ chain: 7 }, undefined],
])('the chain of the parameters %j: %j', (parameters, chain) => {
  expect(chainOf(parameters)).toBe(chain);
});
