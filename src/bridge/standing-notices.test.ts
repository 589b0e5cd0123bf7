import { expect, it } from 'vitest';
import type { Notice } from './contract.ts';
import { standingNotices } from './standing-notices.ts';

const standing = (...codes: Notice['code'][]) => standingNotices(codes.map((code): Notice => ({ time: 0, level: 'warning', code, data: {} }))).map(({ code }) => code);

it('what is said of the database stands until it works again', () => {
  expect(standing('few-witnesses', 'storage-elsewhere')).toEqual(['few-witnesses', 'storage-elsewhere']);
  expect(standing('few-witnesses', 'commit-failed', 'storage-given-up', 'storage-resumed')).toEqual(['few-witnesses', 'storage-resumed']);
  expect(standing('storage-given-up', 'storage-resumed', 'storage-given-up')).toEqual(['storage-resumed', 'storage-given-up']);
});

it('what the ladder of trust says is not said twice', () => {
  expect(standing('verified-from-genesis', 'few-witnesses', 'verified-from-pin')).toEqual(['few-witnesses']);
});

it('a doubt stands beside the head, and takes the bans for the same with it', () => {
  const notice = (code: Notice['code'], data: Notice['data'] = {}): Notice => ({ time: 0, level: 'warning', code, data });
  const banned = (reason: string) => notice('peer-banned', { reason });
  const doubt = notice('client-in-doubt', { rule: 'invalid-seed' });
  expect(standingNotices([banned('invalid-seed'), banned('wrong-block'), doubt])).toEqual([banned('wrong-block')]);
  expect(standingNotices([doubt, banned('invalid-seed')])).toEqual([banned('invalid-seed')]);
  expect(standingNotices([notice('doubt-resolved'), doubt])).toEqual([]);
  expect(standingNotices([doubt, notice('doubt-resolved')])).toEqual([notice('doubt-resolved')]);
});

it('what is being found out about a contradiction stands until it is decided', () => {
  expect(standing('few-witnesses', 'chain-contradicted')).toEqual(['few-witnesses', 'chain-contradicted']);
  expect(standing('chain-contradicted', 'other-chain')).toEqual(['other-chain']);
  expect(standing('verifying-from-genesis', 'wiped', 'chain-contradicted')).toEqual(['wiped', 'chain-contradicted']);
});
