import { expect, it } from 'vitest';
import type { TrustRecord } from '../client/types.ts';
import { assumptionsOf } from './assumptions.ts';

const anchor = { kind: 'genesis', height: 0, hash: '00', witnesses: [], fewWitnesses: false } as const;
const at = (level: TrustRecord['level'], proof?: TrustRecord['anchor']['proof'], latest = level) =>
  assumptionsOf({ level, anchor: { ...anchor, proof } }, { latest: { trust: latest }, final: { trust: level } });

it('a zero-knowledge proof brings an assumption of its own', () => {
  expect(at('proven')).not.toContain('set-up');
  expect(at('proven', { height: 8, hash: '08' })).toContain('set-up');
});

it('witnesses are believed at one level only, validators from there on at all', () => {
  const levels = ['claimed', 'pico', 'pinned', 'proven'] as const;
  expect(levels.filter((level) => at(level).includes('witnesses'))).toEqual(['pico']);
  expect(levels.filter((level) => at(level).includes('validators'))).toEqual(['pico', 'pinned', 'proven']);
  expect(at('claimed')).toEqual(['everything']);
});

it('a newest block that stands lower than the final one rests on its signing key', () => {
  expect(at('proven', undefined, 'pico')).toContain('signing-keys');
  expect(at('proven')).not.toContain('signing-keys');
});
