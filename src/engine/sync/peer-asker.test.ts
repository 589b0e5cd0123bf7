import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../devnet/seeded-random.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { RequestError } from '../peers/peer-net.ts';
import type { PeerReport, RequestErrorCode } from '../peers/peer-net.ts';
import { syncConfig } from './default-sync-config.ts';
import { PeerAsker } from './peer-asker.ts';
import { SyncMonitor } from './sync-monitor.ts';
import { PeerFault } from './sync-peer.ts';
import type { AskOptions, SyncPeer } from './sync-peer.ts';
import { SyncPeers } from './sync-peers.ts';

const never = () => new Promise<never>(() => undefined);
const peer: SyncPeer<unknown> = { id: 'a', address: '', claims: { height: 9, earliest: 0, snapshot: undefined }, getBlocks: never, proveTarget: never, getManifest: never, getChunk: never };

function setup() {
  const clock = new ManualClock();
  const peers = new SyncPeers<unknown>({ clock, random: seededRandom('1', 'peers'), config: syncConfig() });
  peers.add(peer);
  const monitor = new SyncMonitor(true, clock);
  const reports: PeerReport[] = [];
  const banned: string[] = [];
  const asker = new PeerAsker({ peers, clock, timeout: 1_000, monitor, report: (_peer, report) => void reports.push(report), banned: (id) => void banned.push(id) });
  const ask = (work: (options: AskOptions) => Promise<number>, signal = new AbortController().signal) => asker.ask(peer, signal, work, (bytes) => bytes);
  return { clock, peers, monitor, reports, banned, asker, ask };
}

describe('a peer that is asked', () => {
  it('is measured by its answer', async () => {
    const { clock, peers, monitor, ask } = setup();
    const asking = ask(() => new Promise((resolve) => clock.after(200, () => resolve(5_000))));
    expect(peers.inFlight('a')).toBe(1);
    clock.advance(200);
    expect(await asking).toEqual({ answer: 5_000, milliseconds: 200 });
    expect(peers.recordOf('a').bandwidth).toBe(25_000);
    expect(monitor.view().peers).toEqual({ a: { bytes: 5_000, usefulBytes: 0, latencies: [200], failures: 0 } });
    expect(peers.inFlight('a')).toBe(0);
  });

  it('peer_timeout: silent after the deadline, and its request is aborted', async () => {
    const { clock, reports, ask, peers } = setup();
    let aborted = false;
    const asking = ask(({ signal }) => {
      signal.addEventListener('abort', () => (aborted = true));
      return never();
    });
    clock.advance(1_000);
    await expect(asking).rejects.toMatchObject({ name: 'AskFailed', code: 'silent' });
    expect(aborted).toBe(true);
    expect(reports).toEqual([{ kind: 'timeout' }]);
    expect(peers.health('a')).toBe('silent');
  });

  it('is not blamed when the request is not wanted any more', async () => {
    const { reports, ask, peers } = setup();
    const controller = new AbortController();
    const asking = ask(never, controller.signal);
    controller.abort(new Error('stop'));
    await expect(asking).rejects.toThrow('stop');
    expect(reports).toEqual([]);
    expect(peers.recordOf('a').failures).toBe(0);
    await expect(ask(never, controller.signal)).rejects.toThrow('stop');
  });

  const cases: readonly [RequestErrorCode, string, readonly PeerReport[]][] = [
    ['timeout', 'silent', [{ kind: 'timeout' }]],
    ['disconnected', 'gone', []],
    ['refused', 'failed', [{ kind: 'useless', code: 'refused' }]],
    ['busy', 'failed', []],
    ['rate-limited', 'failed', []],
    ['malformed', 'faulty', [{ kind: 'useless', code: 'malformed' }]],
    ['too-large', 'faulty', [{ kind: 'useless', code: 'too-large' }]],
  ];
  it.each(cases)('%s counts as %s', async (code, failed, reported) => {
    const { reports, ask, monitor } = setup();
    await expect(ask(() => Promise.reject(new RequestError(code, code)))).rejects.toMatchObject({ code: failed });
    expect(reports).toEqual(reported);
    expect(monitor.view().errors).toEqual({ [code]: 1 });
  });

  it('a lie bans at once with its evidence', async () => {
    const { reports, ask, peers, banned } = setup();
    await expect(ask(() => Promise.reject(new PeerFault('bad-proof', 'lie', { height: 7 })))).rejects.toMatchObject({ code: 'faulty' });
    expect(reports).toEqual([{ kind: 'lie', code: 'bad-proof', evidence: { height: 7 } }]);
    expect(peers.banOf('a')).toMatchObject({ code: 'bad-proof', until: undefined });
    expect(banned).toEqual(['a']);
  });

  it('the third offence bans for a time', () => {
    const { reports, asker, peers, banned } = setup();
    for (let each = 0; each < 3; each += 1) {
      expect(banned).toEqual([]);
      asker.blame('a', { code: 'wrong-range', weight: 'offence' });
    }
    expect(reports).toEqual(Array.from({ length: 3 }, () => ({ kind: 'useless', code: 'wrong-range' })));
    expect(peers.banOf('a')?.until).toBeDefined();
    expect(banned).toEqual(['a']);
  });

  it('an answer that throws something unknown is a failure, not a crash', async () => {
    const { ask } = setup();
    await expect(ask(() => Promise.reject(new TypeError('x')))).rejects.toMatchObject({ name: 'AskFailed', code: 'failed' });
    await expect(ask(() => { throw new TypeError('x'); })).rejects.toMatchObject({ code: 'failed' });
  });

  it('overtaken and useful are told to the owner', () => {
    const { asker, reports, peers } = setup();
    asker.used('a', 12);
    asker.overtaken('a');
    expect(reports).toEqual([{ kind: 'useful', bytes: 12 }, { kind: 'overtaken' }]);
    expect(peers.recordOf('a').failures).toBe(1);
  });
});
