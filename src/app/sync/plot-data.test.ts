import { expect, it } from 'vitest';
import { byPeer, timesByHeight } from './plot-data.ts';

it('joins the times of all heights, ascending, with gaps where nothing was measured', () => {
  const columns = timesByHeight({
    peers: {},
    downloads: [{ height: 9, milliseconds: 1 }, { height: 3, milliseconds: 2 }, { height: 9, milliseconds: 4 }],
    validations: [{ height: 5, milliseconds: 7 }],
  });
  expect(columns).toEqual([[3, 5, 9], [2, null, 4], [null, 7, null], [null, null, null]]);
  expect(timesByHeight({ peers: {} })).toBe(undefined);
  expect(timesByHeight({ peers: {}, downloads: [], validations: [], applications: [] })).toBe(undefined);
});

it('shows the peers that gave most, with the median of their latencies', () => {
  const of = (bytes: number, latencies: readonly number[], usefulBytes?: number) => ({ bytes, latencies, ...(usefulBytes === undefined ? {} : { usefulBytes }) });
  expect(byPeer({ peers: { 'peer-small': of(1, []), 'peer-large': of(90, [9, 1, 2], 80), 'peer-middle': of(5, [4, 2]) } })).toEqual({
    names: ['er-large', 'r-middle', 'er-small'],
    bytes: [[0, 1, 2], [90, 5, 1], [80, null, null]],
    latencies: [[0, 1, 2], [2, 3, null]],
  });
  expect(byPeer({ peers: {} })).toBe(undefined);
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`p${index}`, of(index, [])]));
  expect(byPeer({ peers: many })?.names).toHaveLength(12);
  expect(byPeer({ peers: { '/ip4/127.0.0.1/tcp/8670/ws': of(1, []) } })?.names).toEqual([':8670']);
});
