import { expect, it } from 'vitest';
import type { TrustRecord } from '../client/types.ts';
import { assumptionsOf } from './assumptions.ts';
import { textOf } from './texts.ts';

const anchor = { kind: 'genesis', height: 0, hash: '00', witnesses: [], fewWitnesses: false } as const;
const at = (level: TrustRecord['level'], proof?: TrustRecord['anchor']['proof'], latest = level, type: 'micro' | 'skip' = 'micro') =>
  assumptionsOf({ level, anchor: { ...anchor, proof }, onlyNames: false }, { latest: { trust: latest, type }, final: { trust: level, type: 'checkpoint' } });

it('a zero-knowledge proof adds its own assumption', () => {
  expect(at('proven')).not.toContain('set-up');
  expect(at('proven', { height: 8, hash: '08' })).toContain('set-up');
});

it('until it is verified again, a stored chain is assumed in place of the witnesses', () => {
  const heads = { latest: { trust: 'pico', type: 'micro' }, final: { trust: 'pico', type: 'checkpoint' } } as const;
  expect(assumptionsOf({ level: 'pico', onlyNames: false, anchor: { ...anchor, unchecked: true } }, heads)).toEqual(['storage', 'validators']);
  expect(assumptionsOf({ level: 'pico', onlyNames: false, anchor: { ...anchor, kind: 'witnesses', unchecked: true } }, heads)).toEqual(['witnesses', 'validators']);
});

it('witnesses are assumed at one level only, validators at that level and above', () => {
  const levels = ['claimed', 'pico', 'pinned', 'proven'] as const;
  expect(levels.filter((level) => at(level).includes('witnesses'))).toEqual(['pico']);
  expect(levels.filter((level) => at(level).includes('validators'))).toEqual(['pico', 'pinned', 'proven']);
  expect(at('claimed')).toEqual(['everything']);
});

it('a newest block with a lower level than the final one adds the assumption about its signing key', () => {
  expect(at('proven', undefined, 'pico')).toContain('signing-keys');
  expect(at('proven')).not.toContain('signing-keys');
  expect(at('proven', undefined, 'pico', 'skip')).toEqual(['genesis', 'skip-roots', 'validators']);
});

it('issue 11.1: witnesses that are known only by name add their own assumption', () => {
  const head = { latest: { trust: 'pico', type: 'micro' }, final: { trust: 'pico', type: 'checkpoint' } } as const;
  expect(assumptionsOf({ level: 'pico', anchor, onlyNames: true }, head)).toEqual(['witnesses', 'names', 'validators']);
  expect(assumptionsOf({ level: 'pico', anchor, onlyNames: false }, head)).not.toContain('names');
  expect(textOf('witnesses-only-names', { witnesses: 3, wanted: 3 })).toContain('host names');
});
