import { expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/support/manual-clock.ts';
import type { ClientStatus, PeerView } from '../../../../engine/view.ts';
import { type SyncSource, SyncQuestions, unsupportedSyncCalls } from './sync-questions.ts';

const peer = (id: string, state: PeerView['state'], height?: number, more: Partial<PeerView> = {}): PeerView => ({
  id, address: `/dns4/${id}`, transport: 'ws', kind: 'node', state, height, latency: 20, received: 1000, score: 60, reason: undefined, ...more,
});

function asked({ phase = 'established', latest = 300, peers = [], checked = {}, status = {} }: { readonly phase?: ClientStatus['phase']; readonly latest?: number; readonly peers?: readonly PeerView[]; readonly checked?: object; readonly status?: object } = {}) {
  const state = { latest, checked };
  const clock = new ManualClock();
  const source = {
    getStatus: () => ({ phase, progress: undefined, reason: undefined, network: { genesisHeight: 200 }, ...status }),
    getHead: () => ({ latest: { height: state.latest } }),
    getPeers: () => peers,
    getTrust: () => ({ checked: { milliseconds: 0, ...state.checked } }),
    getBlock: async (height: number) => (height > 300 ? undefined : { height, hash: 'aa', parentHash: 'bb', bytes: new Uint8Array(9) }),
  } as unknown as SyncSource;
  return { questions: new SyncQuestions(source, clock), state, clock };
}

it('a live client is at its target, which it has proven', () => {
  const { questions } = asked({ peers: [peer('a', 'live', 300)] });
  expect(questions.status()).toEqual({ phase: 'live', strategy: undefined, current: 300, target: 300, targetProven: true, lastError: undefined });
  expect(questions.progress()).toMatchObject({ remaining: 0, percent: 100, timeLeft: 0, trend: 'steady' });
});

it('what only peers claim is no proven target, and a banned peer claims nothing', () => {
  const { questions } = asked({ phase: 'live-sync', latest: 250, peers: [peer('a', 'live', 300), peer('b', 'banned', 9000)], status: { progress: { done: 1, total: 2, unit: 'blocks', rate: 12, timeLeft: 4000 } } });
  expect(questions.progress()).toMatchObject({ current: 250, target: 300, targetProven: false, remaining: 50, percent: 50, rate: 12, timeLeft: 4000 });
});

it('epochs a second are not told as blocks a second, and what has no reason to go on is stalled', () => {
  const { questions } = asked({ phase: 'catch-up', latest: 200, peers: [peer('a', 'live', 300)], status: { progress: { done: 1, total: 2, unit: 'epochs', rate: 12, timeLeft: undefined }, reason: { code: 'no-peers', data: {} } } });
  expect(questions.progress()).toMatchObject({ percent: 0, rate: undefined, timeLeft: undefined, trend: 'stalled' });
  expect(questions.status()).toMatchObject({ phase: 'blocks', lastError: { code: 'no-peers' } });
});

it('counts the blocks that were verified since it was first asked, also after a wipe', () => {
  const { questions, state } = asked({ checked: { electionBlocks: 3, microBlocks: 10 } });
  expect(questions.progress().synced).toBe(0);
  state.checked = { electionBlocks: 3, microBlocks: 14, checkpoints: 1 };
  expect(questions.progress().synced).toBe(5);
  state.checked = { microBlocks: 2 };
  expect(questions.progress().synced).toBe(2);
});

it('tells of peers what is measured, and nothing else', () => {
  const { questions, clock } = asked({ peers: [peer('a', 'live', 300), peer('b', 'banned', 5, { reason: { code: 'liar', data: {} }, latency: undefined }), peer('', 'down'), peer('c', 'connecting')] });
  expect(questions.peers()).toMatchObject([
    { id: 'a', role: 'active', health: 'healthy', quality: 60, reliability: undefined, useful: undefined, bandwidth: undefined, ban: undefined },
    { id: 'b', role: 'banned', health: 'banned', ban: { code: 'liar', until: undefined } },
  ]);
  clock.advance(5000);
  expect(questions.monitor()).toEqual({ peers: { a: { bytes: 1000, latencies: [20] }, b: { bytes: 1000, latencies: [] }, c: { bytes: 1000, latencies: [20] } }, bytes: 3000, elapsed: 5000 });
});

it('answers what it cannot do with `unsupported`, and a wrong height with `bad-argument`', async () => {
  const { questions } = asked();
  const table = new Map(questions.table());
  for (const call of unsupportedSyncCalls) expect(() => table.get(call)!([], undefined)).toThrow(expect.objectContaining({ code: 'unsupported', data: { question: call } }));
  expect(() => table.get('syncSingleBlock')!(['x'], undefined)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  expect(await table.get('syncSingleBlock')!([7], undefined)).toEqual({ height: 7, id: 'aa', parent: 'bb', size: 9 });
  expect(await table.get('syncSingleBlock')!([301], undefined)).toBe(undefined);
  expect(table.size).toBe(15);
});
