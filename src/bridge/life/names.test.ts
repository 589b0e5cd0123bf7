import { expect, it } from 'vitest';
import { doorOf, namesOf } from './names.ts';

const names = namesOf({ genesisHash: '4F8F18FCFE98CCACEE0745B6AA69365CD28C836F962D577DE57F04AA17FE54A1' }, 'b1');

it('derives all names from the genesis hash, and the worker name also from build and generation', () => {
  expect(names.base).toBe('petrel/4f8f18fc');
  expect(names.worker(0)).toBe('petrel/4f8f18fc/b1');
  expect(names.worker(2)).toBe('petrel/4f8f18fc/b1/2');
  expect(names.owner).toBe('petrel/4f8f18fc/owner');
  expect(names.tab('t')).toBe('petrel/4f8f18fc/tab/t');
  expect(names.hub(names.worker(2), 'h')).toBe('petrel/4f8f18fc/b1/2/hub/h');
});

it('gives the workers of elected tabs other names than shared ones', () => {
  const elected = namesOf({ genesisHash: '4f8f18fc'.padEnd(64, '0') }, 'b1', 'elected');
  expect(elected.worker(0)).toBe('petrel/4f8f18fc/elected/b1');
  expect([elected, names].map(({ seat, door, owner }) => ({ seat, door, owner }))[0]).toEqual({ seat: names.seat, door: names.door, owner: names.owner });
  const hub = elected.hub(elected.worker(2), 'h');
  expect([elected, names].map((each) => each.generationOf(hub))).toEqual([2, undefined]);
  expect([elected, names].map((each) => each.generationOf(names.hub(names.worker(2), 'h')))).toEqual([undefined, 2]);
  expect([elected.seat, elected.door].map(elected.generationOf)).toEqual([undefined, undefined]);
  expect([elected.worker(0), elected.worker(1), names.worker(1), names.tabHub('h')].map(doorOf)).toEqual([names.door, names.door, undefined, undefined]);
  for (const lock of [hub, elected.hub(elected.worker(0), 'h')]) expect(names.buildOf(lock)).toBe('b1');
  expect(names.buildOf(elected.seat)).toBeUndefined();
});

it.each([
  [names.worker(0), 0],
  [names.worker(12), 12],
  [names.hub(names.worker(0), 'h'), 0],
  [names.hub(names.worker(3), 'h'), 3],
  [names.owner, undefined],
  [names.tab('t'), undefined],
  [names.tabHub('h'), undefined],
  ['petrel/4f8f18fc/b12/hub/h', undefined],
  ['petrel/4f8f18fc/b1/x/hub/h', undefined],
  ['petrel/00000000/b1/hub/h', undefined],
])('reads the generation of %s', (name, generation) => {
  expect(names.generationOf(name)).toBe(generation);
});

it.each([
  [names.hub(names.worker(0), 'h'), 'b1'],
  [names.hub(names.worker(3), 'h'), 'b1'],
  [names.tabHub('h'), 'b1'],
  ['petrel/4f8f18fc/b2/hub/h', 'b2'],
  [names.owner, undefined],
  [names.tab('t'), undefined],
  ['petrel/00000000/b1/hub/h', undefined],
])('reads the build of %s', (name, build) => {
  expect(names.buildOf(name)).toBe(build);
});
