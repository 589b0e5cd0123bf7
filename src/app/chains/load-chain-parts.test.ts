import { expect, it } from 'vitest';
import { loadChainParts } from './load-chain-parts.ts';

it.each(['albatross', 'hotstuff2', 'moloch', 'stacks', 'toy', 'constructor'])('%s has words for what is final, and a drawing', async (chain) => {
  const { words, Recent } = await loadChainParts(chain);
  expect(words.pending(3)).toMatch(/^3 blocks above it/u);
  expect(words.pending(1)).toMatch(/^1 block above it/u);
  for (const text of [words.what, words.finality, words.untilFinal]) expect(text).toMatch(/\.$/u);
  expect(Recent).toBeTypeOf('function');
});

it('only Albatross speaks of macro blocks', async () => {
  const said = async (chain: string) => Object.values((await loadChainParts(chain)).words).join(' ');
  expect(await said('albatross')).toContain('macro block');
  for (const chain of ['hotstuff2', 'moloch', 'stacks', 'toy']) expect(await said(chain)).not.toMatch(/macro|epoch|Nimiq/u);
});
