import { expect, it } from 'vitest';
import type { AlbatrossHead, TrustRecord } from '../client/types.ts';
import { assumptionsOf } from './assumptions.ts';
import { textOf } from './code-texts.ts';

const details = (type: AlbatrossHead['type']): AlbatrossHead => ({ chain: 'albatross', type, version: 1, epoch: 1, batch: 1 });
const anchor = { kind: 'genesis', height: 0, hash: '00', witnesses: [], fewWitnesses: false } as const;
const at = (level: TrustRecord['level'], proof?: TrustRecord['anchor']['proof'], latest = level, type: 'micro' | 'skip' = 'micro') =>
  assumptionsOf({ level, anchor: { ...anchor, proof }, onlyNames: false }, { latest: { trust: latest, details: details(type) }, final: { trust: level, details: details('checkpoint') } });

it('a zero-knowledge proof adds its own assumption', () => {
  expect(at('proven')).not.toContain('set-up');
  expect(at('proven', { height: 8, hash: '08' })).toContain('set-up');
});

it('until it is verified again, a stored chain is assumed in place of the witnesses', () => {
  const heads = { latest: { trust: 'witnessed', details: details('micro') }, final: { trust: 'witnessed', details: details('checkpoint') } } as const;
  expect(assumptionsOf({ level: 'witnessed', onlyNames: false, anchor: { ...anchor, unchecked: true } }, heads)).toEqual(['storage', 'validators']);
  expect(assumptionsOf({ level: 'witnessed', onlyNames: false, anchor: { ...anchor, kind: 'witnesses', unchecked: true } }, heads)).toEqual(['witnesses', 'validators']);
});

it('witnesses are assumed at one level only, validators at that level and above', () => {
  const levels = ['claimed', 'witnessed', 'pinned', 'proven'] as const;
  expect(levels.filter((level) => at(level).includes('witnesses'))).toEqual(['witnessed']);
  expect(levels.filter((level) => at(level).includes('validators'))).toEqual(['witnessed', 'pinned', 'proven']);
  expect(at('claimed')).toEqual(['everything']);
});

it('a newest block with a lower level than the final one adds the assumption about its signing key', () => {
  expect(at('proven', undefined, 'witnessed')).toContain('signing-keys');
  expect(at('proven')).not.toContain('signing-keys');
  expect(at('proven', undefined, 'witnessed', 'skip')).toEqual(['genesis', 'skip-roots', 'validators']);
});

it('issue 11.1: witnesses that are known only by name add their own assumption', () => {
  const head = { latest: { trust: 'witnessed', details: details('micro') }, final: { trust: 'witnessed', details: details('checkpoint') } } as const;
  expect(assumptionsOf({ level: 'witnessed', anchor, onlyNames: true }, head)).toEqual(['witnesses', 'names', 'validators']);
  expect(assumptionsOf({ level: 'witnessed', anchor, onlyNames: false }, head)).not.toContain('names');
  expect(textOf('witnesses-only-names', { witnesses: 3, wanted: 3 })).toContain('host names');
});
