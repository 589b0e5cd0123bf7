import { expect, it } from 'vitest';
import type { TrustRecord } from '../client/types.ts';
import { assumptionsOf } from './assumptions.ts';
import { textOf } from './texts.ts';

const anchor = { kind: 'genesis', height: 0, hash: '00', witnesses: [], fewWitnesses: false } as const;
const at = (level: TrustRecord['level'], proof?: TrustRecord['anchor']['proof'], latest = level, type: 'micro' | 'skip' = 'micro') =>
  assumptionsOf({ level, anchor: { ...anchor, proof }, onlyNames: false }, { latest: { trust: latest, type }, final: { trust: level, type: 'checkpoint' } });

it('a zero-knowledge proof brings an assumption of its own', () => {
  expect(at('proven')).not.toContain('set-up');
  expect(at('proven', { height: 8, hash: '08' })).toContain('set-up');
});

it('what is stored is believed, and no witness, as long as it is not verified again', () => {
  const heads = { latest: { trust: 'pico', type: 'micro' }, final: { trust: 'pico', type: 'checkpoint' } } as const;
  expect(assumptionsOf({ level: 'pico', onlyNames: false, anchor: { ...anchor, unchecked: true } }, heads)).toEqual(['storage', 'validators']);
  expect(assumptionsOf({ level: 'pico', onlyNames: false, anchor: { ...anchor, kind: 'witnesses', unchecked: true } }, heads)).toEqual(['witnesses', 'validators']);
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
  expect(at('proven', undefined, 'pico', 'skip')).toEqual(['genesis', 'skip-roots', 'validators']);
});

it('issue 11.1: that witnesses are known by their names alone is an assumption of its own', () => {
  const head = { latest: { trust: 'pico', type: 'micro' }, final: { trust: 'pico', type: 'checkpoint' } } as const;
  expect(assumptionsOf({ level: 'pico', anchor, onlyNames: true }, head)).toEqual(['witnesses', 'names', 'validators']);
  expect(assumptionsOf({ level: 'pico', anchor, onlyNames: false }, head)).not.toContain('names');
  expect(textOf('witnesses-only-names', { witnesses: 3, wanted: 3 })).toContain('host names');
});
