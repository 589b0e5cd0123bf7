import { expect, it } from 'vitest';
import { syncConfig } from '../../../engine/sync/default-sync-config.ts';
import { chooseMoloch, MOLOCH_SYNC, molochPlan } from './moloch-strategy.ts';

const config = syncConfig(MOLOCH_SYNC);
const at = (change: object) => ({ current: 0, target: 1000, snapshot: undefined, peers: 4, ...change });

it('5: warp for a served checkpoint, header-first for headers alone, parallel above 500 blocks with two peers, else fast', () => {
  const choose = (change: object, headersOnly = false) => chooseMoloch({ headersOnly })(at(change), config);
  expect(choose({ snapshot: 900 })).toBe('warp');
  expect(choose({ snapshot: 900 }, true)).toBe('warp');
  expect(choose({}, true)).toBe('header-first');
  expect(choose({})).toBe('parallel');
  expect(choose({ peers: 1 })).toBe('fast');
  expect(choose({ current: 499 })).toBe('parallel');
  expect(choose({ current: 500 })).toBe('fast');
});

it('a parallel sync stays parallel up to its target, and the next one is chosen anew', () => {
  const choose = chooseMoloch({ headersOnly: false });
  expect([at({}), at({ current: 400 }), at({ current: 900 })].map((situation) => choose(situation, config))).toEqual(['parallel', 'parallel', 'parallel']);
  expect(choose(at({ current: 1000, target: 1300 }), config)).toBe('fast');
});

it('a forced strategy is obeyed', () => {
  for (const defaultStrategy of ['incremental', 'parallel'] as const) expect(chooseMoloch({ headersOnly: false })(at({ snapshot: 900 }), { ...config, defaultStrategy })).toBe(defaultStrategy);
  expect(chooseMoloch({ headersOnly: false })(at({ snapshot: 900 }), { ...config, defaultStrategy: 'fast' })).toBe('warp');
});

it('6.2 to 6.5: batches of 100, one request in flight; two ranges of 500', () => {
  for (const name of ['fast', 'header-first', 'warp'] as const) expect(molochPlan(name, config)).toMatchObject({ snapshot: name === 'warp', batch: 100, inFlight: 1, order: 'row' });
  expect(molochPlan('parallel', config)).toMatchObject({ snapshot: false, batch: 100, order: 'ranges', ahead: 1000, gather: 1000 });
});
