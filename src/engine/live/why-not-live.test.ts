import { describe, expect, it } from 'vitest';
import type { Cause } from '../reason-codes.ts';
import { whyNotLive, type Seen } from './why-not-live.ts';

const HOUR = 3_600_000;

const well: Seen = {
  phase: 'established',
  reason: undefined,
  peers: { connected: 4, live: 4, least: 3, wanted: 6 },
  seeds: { count: 3, refused: [] },
  dials: { failed: [], underWay: 0 },
  unreachable: false,
  offline: false,
  standsStill: undefined,
  tooOld: undefined,
  clock: undefined,
  due: false,
  progressing: false,
};

/** The state after ten seconds without a peer. */
const alone: Seen = { ...well, phase: 'connecting', peers: { ...well.peers, connected: 0, live: 0 }, due: true };
const failing = (...failed: string[]): Seen => ({ ...alone, unreachable: true, dials: { failed, underWay: 0 } });
const refused = (code: Seen['seeds']['refused'][number]['code']): Seen => ({ ...alone, due: false, seeds: { count: 1, refused: [{ address: '/x', code }] } });

/** One scenario per cause; the type checker finds missing ones. */
const scenarios: Readonly<Record<Cause, Seen>> = {
  offline: { ...failing('dial-failed'), offline: true },
  asleep: { ...alone, peers: { ...alone.peers, wanted: 0 } },
  'no-seeds': { ...alone, due: false, unreachable: true, seeds: { count: 0, refused: [] } },
  'seeds-no-websocket': refused('not-a-socket-address'),
  'seeds-insecure': refused('insecure'),
  'seeds-need-name': refused('secure-needs-name'),
  'seeds-other-network': failing('wrong-genesis', 'wrong-genesis', 'dial-failed'),
  'seeds-other-identity': failing('wrong-identity'),
  'peers-refuse': failing('remote-closed', 'discovery-timeout', 'dial-failed'),
  'peers-banned': failing('banned', 'banned'),
  'no-peers': failing('dial-failed', 'dial-timeout', 'wrong-genesis'),
  'slow-line': { ...alone, dials: { failed: [], underWay: 3 } },
  'few-peers': { ...well, phase: 'connecting', peers: { ...well.peers, connected: 1, live: 0 }, due: true },
  'peers-silent': { ...well, phase: 'catch-up', peers: { ...well.peers, live: 0 }, due: true },
  'no-agreement': { ...well, phase: 'live-sync', due: true },
  'catching-up': { ...well, phase: 'catch-up', due: true, progressing: true },
  'slow-start': { ...alone, phase: undefined },
  'clock-behind': { ...well, phase: 'catch-up', clock: { kind: 'behind', by: 2 * HOUR, networks: 4 } },
  'clock-ahead': { ...well, clock: { kind: 'ahead', by: 2 * HOUR, networks: 4 }, tooOld: 2 * HOUR },
  'head-stale': { ...well, tooOld: 6 * 24 * HOUR },
};

describe('whyNotLive', () => {
  it.each(Object.entries(scenarios))('%s', (cause, seen) => {
    expect(whyNotLive(seen).reason?.code).toBe(cause);
  });

  it('gives no reason while all is well, before it is due, or for a state with its own reason', () => {
    expect(whyNotLive(well)).toEqual({});
    expect(whyNotLive({ ...alone, due: false })).toEqual({});
    expect(whyNotLive({ ...well, phase: 'catch-up', standsStill: 70_000, tooOld: 70_000 })).toEqual({});
    expect(whyNotLive({ ...failing('dial-failed'), phase: 'failed', offline: true })).toEqual({});
    expect(whyNotLive({ ...well, phase: 'waiting', reason: { code: 'chain-unknown', data: {} }, due: true })).toEqual({});
  });

  it('always gives a reason when it is due', () => {
    for (const phase of [undefined, 'starting', 'connecting', 'catch-up', 'live-sync', 'waiting'] as const) {
      for (const connected of [0, 1, 4]) {
        for (const underWay of [0, 1]) expect(whyNotLive({ ...well, phase, due: true, peers: { ...well.peers, connected }, dials: { failed: [], underWay } }).reason).toBeDefined();
      }
    }
  });

  it('a head that is too old is stale at once, one that stands still with or without consensus', () => {
    expect(whyNotLive({ ...well, tooOld: 70_400 })).toEqual({ phase: 'stale', reason: { code: 'head-stale', data: { seconds: 70, by: 'age' } } });
    expect(whyNotLive({ ...well, tooOld: 80_000, standsStill: 70_400 })).toEqual({ phase: 'stale', reason: { code: 'head-stale', data: { seconds: 80 } } });
    for (const phase of ['established', 'live-sync'] as const) expect(whyNotLive({ ...well, phase, standsStill: 70_400 })).toEqual({ phase: 'stale', reason: { code: 'head-stale', data: { seconds: 70 } } });
    const reason = { code: 'few-peers', data: {} } as const;
    expect(whyNotLive({ ...well, phase: 'live-sync', reason, standsStill: 70_400 })).toEqual({ phase: 'stale', reason });
    // Blocks are still missing, so the head does not stand still.
    expect(whyNotLive({ ...well, phase: 'live-sync', tooOld: 70_400 })).toEqual({});
  });

  it("with a wrong clock the client is never live, and the reason has the error's size", () => {
    expect(whyNotLive({ ...well, clock: { kind: 'behind', by: 2 * HOUR, networks: 4 } })).toEqual({ phase: 'waiting', reason: { code: 'clock-behind', data: { seconds: 7200, networks: 4 } } });
  });

  it('dead seeds are not called offline while the device is online; a client with peers is not offline', () => {
    expect(whyNotLive({ ...failing('dial-failed'), due: false }).reason?.code).toBe('no-peers');
    expect(whyNotLive({ ...well, offline: true })).toEqual({});
  });

  it('seeds that are never dialled are reported with their number and one of them', () => {
    const seeds = { count: 3, refused: [{ address: '/a', code: 'insecure' }, { address: '/b', code: 'not-a-socket-address' }, { address: '/c', code: 'not-a-socket-address' }] } as const;
    expect(whyNotLive({ ...alone, seeds }).reason).toEqual({ code: 'seeds-no-websocket', data: { seeds: 3, address: '/b' } });
  });

  it('a doubt is not reported as unreachable peers', () => {
    const doubt = { code: 'client-in-doubt', data: {} } as const;
    expect(whyNotLive({ ...failing('dial-failed'), phase: 'waiting', reason: doubt })).toEqual({});
    expect(whyNotLive({ ...failing('dial-failed'), phase: 'waiting', reason: doubt, offline: true }).reason?.code).toBe('offline');
  });
});
