import { expect, it } from 'vitest';
import type { Notice, PeerView, Status, TrustRecord } from '../../bridge/contract.ts';
import { NoticeBoard } from './notice-board.ts';

/** A board at a time that the test sets, and the codes that a tab gets when it joins. */
function setUp() {
  const device = { now: 0 };
  const board = new NoticeBoard(() => device.now);
  const tell = (code: Notice['code'], data: Notice['data'] = {}) => board.add({ time: device.now, level: 'warning', code, data });
  const codes = (state: Parameters<NoticeBoard['standing']>[0] = {}) => board.standing(state).map(({ code }) => code);
  return { device, board, tell, codes };
}

it('issue 12: a notice ends when its cause ends', () => {
  const { tell, codes } = setUp();
  tell('storage-unavailable');
  tell('few-witnesses', { height: 456 });
  tell('peer-banned', { peer: 'p', reason: 'invalid-seed' });
  expect(codes()).toEqual(['storage-unavailable', 'few-witnesses', 'peer-banned']);
  const anchor = (kind: string, height: number) => ({ trust: { level: kind === 'genesis' ? 'proven' : 'witnessed', anchor: { kind, height } } as TrustRecord });
  expect(codes({ status: { storage: { kind: 'indexeddb' } } as Status })).toEqual(['few-witnesses', 'peer-banned']);
  expect(codes(anchor('witnesses', 456))).toContain('few-witnesses');
  expect(codes(anchor('witnesses', 584))).not.toContain('few-witnesses');
  expect(codes(anchor('genesis', 200))).not.toContain('few-witnesses');
  const banned: readonly PeerView[] = [{ id: 'p', state: 'banned' } as PeerView];
  expect(codes({ peers: banned })).toContain('peer-banned');
  expect(codes({ peers: [] })).not.toContain('peer-banned');
});

it('issue 12: a notice that was closed does not come back, and what it had ended does not either', () => {
  const { device, board, tell, codes } = setUp();
  tell('storage-given-up');
  tell('storage-resumed');
  expect(codes()).toEqual(['storage-resumed']);
  board.close({ code: 'storage-resumed', time: 0 });
  expect(codes()).toEqual([]);
  device.now = 10;
  tell('storage-given-up');
  expect(codes()).toEqual(['storage-given-up']);
  board.close({ code: 'storage-given-up', time: 0 });
  expect(codes()).toEqual(['storage-given-up']);
});

it('issue 12: what happened and is over is told to tabs that join at once, and to no later one', () => {
  const { device, tell, codes } = setUp();
  tell('wiped');
  tell('stored-chain-refused');
  expect(codes()).toEqual(['wiped', 'stored-chain-refused']);
  device.now = 60_001;
  expect(codes()).toEqual(['stored-chain-refused']);
});

it('keeps the newest sixteen', () => {
  const { tell, codes } = setUp();
  for (let i = 0; i < 40; i += 1) tell('stored-chain-refused');
  expect(codes()).toHaveLength(16);
});
