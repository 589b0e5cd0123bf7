import { expect, it } from 'vitest';
import type { Notice, PeerView, TrustRecord } from './contract.ts';
import { standingNotices } from './standing-notices.ts';
import type { NoticeState } from './standing-notices.ts';

const standing = (...codes: Notice['code'][]) => standingNotices(codes.map((code): Notice => ({ time: 0, level: 'warning', code, data: {} }))).map(({ code }) => code);

it('a notice about the database stays until it works again', () => {
  expect(standing('few-witnesses', 'storage-elsewhere')).toEqual(['few-witnesses', 'storage-elsewhere']);
  expect(standing('few-witnesses', 'commit-failed', 'storage-given-up', 'storage-resumed')).toEqual(['few-witnesses', 'storage-resumed']);
  expect(standing('commit-failed', 'storage-lost')).toEqual(['storage-lost']);
  expect(standing('storage-given-up', 'storage-resumed', 'storage-given-up')).toEqual(['storage-resumed', 'storage-given-up']);
});

it('a doubt takes the bans for the same rule with it', () => {
  const notice = (code: Notice['code'], data: Notice['data'] = {}): Notice => ({ time: 0, level: 'warning', code, data });
  const banned = (reason: string) => notice('peer-banned', { reason });
  const doubt = notice('client-in-doubt', { rule: 'invalid-seed' });
  expect(standingNotices([banned('invalid-seed'), banned('wrong-block'), doubt])).toEqual([banned('wrong-block'), doubt]);
  expect(standingNotices([doubt, banned('invalid-seed')])).toEqual([doubt, banned('invalid-seed')]);
  expect(standingNotices([notice('doubt-resolved'), doubt])).toEqual([doubt]);
});

it('a doubt ends when it is resolved or refuted, and with the sync that had it', () => {
  const notice = (code: Notice['code']): Notice => ({ time: 0, level: 'warning', code, data: {} });
  const doubt = notice('client-in-doubt');
  const state = (reason: string | undefined, ...states: PeerView['state'][]) => ({ status: { reason: reason && { code: reason, data: {} } }, peers: states.map((of) => ({ id: of, state: of })) }) as unknown as NoticeState;
  expect(standing('client-in-doubt', 'doubt-resolved')).toEqual(['doubt-resolved']);
  expect(standing('client-in-doubt', 'doubt-refuted')).toEqual(['doubt-refuted']);
  expect(standing('client-in-doubt', 'doubt-resolved', 'client-in-doubt')).toEqual(['client-in-doubt']);
  // While it stands, the peers concerned are kept aside; while they are tried again, the head may stand still.
  expect(standingNotices([doubt], state(undefined, 'live', 'aside'))).toEqual([doubt]);
  expect(standingNotices([doubt], state('client-in-doubt', 'live'))).toEqual([doubt]);
  expect(standingNotices([doubt], state(undefined, 'live'))).toEqual([]);
});

it('a doubt about the past ends when the past is proven, and takes the bans for the same rule with it', () => {
  const notice = (code: Notice['code'], data: Notice['data'] = {}): Notice => ({ time: 0, level: 'warning', code, data });
  const doubt = notice('past-in-doubt', { rule: 'zkp-invalid', peers: 3 });
  const level = (of: TrustRecord['level']): NoticeState => ({ trust: { level: of } as TrustRecord });
  expect(standingNotices([notice('peer-banned', { reason: 'zkp-invalid' }), doubt], level('witnessed'))).toEqual([doubt]);
  expect(standingNotices([doubt], level('proven'))).toEqual([]);
  expect(standingNotices([notice('doubt-resolved'), doubt])).toEqual([notice('doubt-resolved'), doubt]);
});

it('the notice of a contradiction stays until it is decided', () => {
  expect(standing('few-witnesses', 'chain-contradicted')).toEqual(['few-witnesses', 'chain-contradicted']);
  expect(standing('chain-contradicted', 'other-chain')).toEqual(['other-chain']);
  expect(standing('verifying-from-genesis', 'wiped', 'chain-contradicted')).toEqual(['wiped', 'chain-contradicted']);
});
