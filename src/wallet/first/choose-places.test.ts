import { expect, it } from 'vitest';
import { systemRandom } from '../../base/system.ts';
import { choosePlaces } from './choose-places.ts';

it('chooses different places in their order, each of them sometimes', () => {
  const seen = new Set<number>();
  for (let round = 0; round < 500; round++) {
    const places = choosePlaces(systemRandom, 24, 3);
    expect(new Set(places).size).toBe(3);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (const place of places) seen.add(place);
  }
  expect([...seen].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, place) => place));
});
