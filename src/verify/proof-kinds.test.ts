import { expect, it } from 'vitest';
import { type ProofKind, proofKindOf } from './proof-kinds.ts';

const kind = (magic: string): ProofKind => ({ chain: magic.toLowerCase(), magic, maxBytes: 1, load: () => Promise.reject(new Error('not loaded')) });
const kinds = [kind('HS2PROOF'), kind('MOLO')];
const bytes = (text: string) => new TextEncoder().encode(text);

it('tells the kind by the first bytes, and loads nothing for that', () => {
  expect(proofKindOf(bytes('HS2PROOF\u0001rest'), kinds)?.chain).toBe('hs2proof');
  expect(proofKindOf(bytes('MOLO'), kinds)?.chain).toBe('molo');
});

it.each(['', 'M', 'HS2PROO', 'xHS2PROOF', 'petrelpf', 'molo'])('%s is of none of them', (text) => {
  expect(proofKindOf(bytes(text), kinds)).toBe(undefined);
});
