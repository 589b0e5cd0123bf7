import { describe, expect, it } from 'vitest';
import { blockLocators, macroLocators } from './locators.ts';

const block = (height: number) => ({ height, hash: `h${height}` });
const chain = (head: number, macro: number, election: number, known: (height: number) => boolean = () => true) =>
  ({ head: block(head), macroHead: block(macro), electionHead: block(election), blockAt: (height: number) => (known(height) ? block(height) : undefined) }) as never as Parameters<typeof blockLocators>[0] & Parameters<typeof macroLocators>[0];

describe('blockLocators', () => {
  it('go from the head back to the last macro block', () => {
    expect(blockLocators(chain(235, 232, 200))).toEqual(['h235', 'h234', 'h233', 'h232']);
    expect(blockLocators(chain(232, 232, 200))).toEqual(['h232']);
    expect(blockLocators(chain(234, 232, 200), 'extra')).toEqual(['extra', 'h234', 'h233', 'h232']);
    expect(blockLocators(chain(233, 232, 200), 'h233')).toEqual(['h233', 'h232']);
  });

  it('are never more than nodes accept, and always include the macro block', () => {
    const long = blockLocators(chain(500, 200, 200));
    expect(long).toHaveLength(100);
    expect(long.at(-1)).toBe('h200');
    expect(blockLocators(chain(240, 232, 200, (height) => height > 238))).toEqual(['h240', 'h239', 'h232']);
  });
});

describe('macroLocators', () => {
  it('name macro blocks only', () => {
    expect(macroLocators(chain(300, 296, 200))).toEqual(['h296', 'h200']);
    expect(macroLocators(chain(330, 328, 328))).toEqual(['h328']);
  });
});
