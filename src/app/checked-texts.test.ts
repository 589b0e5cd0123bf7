import { describe, expect, it } from 'vitest';
import { nothingChecked } from '../chains/albatross/chain/checked-counts.ts';
import { nothingChecked as nothingOfStacks } from '../chains/stacks/client/certifier.ts';
import { checkedText, countsShown } from './checked-texts.ts';

describe('the texts for what was checked', () => {
  it('are those of the chain, in one order, without the counts that are 0', () => {
    const shown = countsShown({ ...nothingChecked, microBlocks: 2, justifications: 1, electionBlocks: 1, milliseconds: 5 });
    expect(shown.map(({ count, words }) => `${count} ${words}`)).toEqual(['1 election block', '1 justification', '2 micro blocks']);
    expect(shown.map(({ hint }) => hint !== undefined)).toEqual([false, true, false]);
  });

  it('are the words of the name for a chain without texts', () => {
    expect(countsShown({ milliseconds: 0, counterSteps: 7, toString: 1 })).toMatchObject([{ count: 7, words: 'counter steps' }, { count: 1, words: 'to string' }]);
  });

  it('call the proofs of Stacks state proofs', () => {
    const words = (stateProofs: number) => countsShown({ ...nothingOfStacks, cycles: 1, stateProofs }).map((shown) => `${shown.count} ${shown.words}`);
    expect(words(1)).toEqual(['1 signer set handed over', '1 state proof']);
    expect(words(9)).toEqual(['1 signer set handed over', '9 state proofs']);
    for (const name of Object.keys(nothingOfStacks)) expect(checkedText({ ...nothingOfStacks, [name]: 1 })).not.toContain('zero-knowledge');
  });

  it('become one text, with the time', () => {
    expect(checkedText({ ...nothingChecked, electionBlocks: 12, proofs: 1, milliseconds: 800 })).toMatch(/^1 zero-knowledge proof, 12 election blocks, in \S+/u);
    expect(checkedText({ ...nothingChecked, milliseconds: 800 })).toBe('');
  });
});
