import { expect, it } from 'vitest';
import { namesOf } from './names.ts';

it('derives all names from the genesis hash, the worker name also from the build', () => {
  const names = namesOf('4F8F18FCFE98CCACEE0745B6AA69365CD28C836F962D577DE57F04AA17FE54A1', 'b1');
  expect(names.base).toBe('petrel/4f8f18fc');
  expect(names.worker).toBe('petrel/4f8f18fc/b1');
  expect(names.owner).toBe('petrel/4f8f18fc/owner');
  expect(names.tab('t')).toBe('petrel/4f8f18fc/tab/t');
  expect(names.hub('h')).toBe('petrel/4f8f18fc/hub/h');
});
