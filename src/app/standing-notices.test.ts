import { expect, it } from 'vitest';
import type { Notice } from '../client/types.ts';
import { standingNotices } from './standing-notices.ts';

const standing = (...codes: string[]) => standingNotices(codes.map((code): Notice => ({ time: 0, level: 'warning', code, data: {} }))).map(({ code }) => code);

it('what is said of the database stands until it works again', () => {
  expect(standing('few-witnesses', 'storage-elsewhere')).toEqual(['few-witnesses', 'storage-elsewhere']);
  expect(standing('few-witnesses', 'commit-failed', 'storage-given-up', 'storage-resumed')).toEqual(['few-witnesses', 'storage-resumed']);
  expect(standing('storage-given-up', 'storage-resumed', 'storage-given-up')).toEqual(['storage-resumed', 'storage-given-up']);
});

it('what the ladder of trust says is not said twice', () => {
  expect(standing('verified-from-genesis', 'few-witnesses', 'verified-from-pin')).toEqual(['few-witnesses']);
});
