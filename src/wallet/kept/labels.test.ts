import { expect, it } from 'vitest';
import { keptValue } from './kept-value.ts';
import { MAX_LABEL, readLabels, setLabel } from './labels.ts';

const [one, two] = ['NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A', 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000'];

it('reads names of addresses, and drops what is none', () => {
  expect(readLabels({ [one]: 'Ada', 'NQ46': 'short', [two]: 5, constructor: 'x' })).toEqual({ [one]: 'Ada' });
  expect(readLabels({ [one]: 'x'.repeat(MAX_LABEL + 1) })).toEqual({});
  for (const stored of [undefined, null, 5, 'x', []]) expect(readLabels(stored)).toEqual({});
});

it('sets, changes and forgets a name', () => {
  const labels = keptValue({ storage: undefined, key: 'l', read: readLabels });
  setLabel(labels, one, '  Ada ');
  setLabel(labels, two, 'y'.repeat(100));
  expect(labels.get()).toEqual({ [one]: 'Ada', [two]: 'y'.repeat(MAX_LABEL) });
  setLabel(labels, one, 'Grace');
  setLabel(labels, two, ' ');
  expect(labels.get()).toEqual({ [one]: 'Grace' });
});
