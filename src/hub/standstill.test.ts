import { expect, it } from 'vitest';
import { standstill } from './standstill.ts';

const well = { phase: 'established', reason: undefined, connected: 4, unreachable: false, offline: false, stale: undefined } as const;

it('says nothing while all goes well, nor of what has its own reason', () => {
  expect(standstill(well)).toEqual({});
  expect(standstill({ ...well, phase: 'macro-sync', stale: 70_000 })).toEqual({});
  expect(standstill({ ...well, phase: 'failed', connected: 0, offline: true })).toEqual({});
  expect(standstill({ ...well, phase: undefined, connected: 0, unreachable: true })).toEqual({});
});

it('a head that stands still is stale, with or without consensus', () => {
  for (const phase of ['established', 'live-sync'] as const) expect(standstill({ ...well, phase, stale: 70_400 })).toEqual({ phase: 'stale', reason: { code: 'head-stale', data: { seconds: 70 } } });
  const reason = { code: 'few-peers', data: {} };
  expect(standstill({ ...well, phase: 'live-sync', reason, stale: 70_400 })).toEqual({ phase: 'stale', reason });
});

it('without peers it is the device, if it says so, or that none can be reached', () => {
  for (const phase of ['connecting', 'waiting'] as const) {
    expect(standstill({ ...well, phase, connected: 0, offline: true, unreachable: true }).reason?.code).toBe('offline');
    expect(standstill({ ...well, phase, connected: 0, unreachable: true })).toEqual({ reason: { code: 'no-peers', data: {} } });
    expect(standstill({ ...well, phase, connected: 0 })).toEqual({});
  }
  const doubt = { code: 'client-in-doubt', data: {} };
  expect(standstill({ ...well, phase: 'waiting', reason: doubt, connected: 0, unreachable: true })).toEqual({});
  expect(standstill({ ...well, phase: 'waiting', reason: doubt, connected: 0, offline: true }).reason?.code).toBe('offline');
  // The device may be wrong: who has peers is not offline.
  expect(standstill({ ...well, offline: true })).toEqual({});
});
