import { expect, it } from 'vitest';
import { isBusyStatus, restSeconds } from './rest-seconds.ts';

const now = Date.parse('2026-11-30T12:00:00Z');
const rest = (status: number, headers: Record<string, string>) => restSeconds({ status, headers: new Headers(headers) }, now);

it.each<[string, number, Record<string, string>, number | undefined]>([
  ['seconds', 429, { 'retry-after': '7' }, 7],
  ['seconds of 503', 503, { 'retry-after': ' 30 ' }, 30],
  ['no time', 429, {}, 10],
  ['no wait', 429, { 'retry-after': '0' }, 1],
  ['a year', 429, { 'retry-after': '31536000' }, 600],
  ['a date', 429, { 'retry-after': 'Mon, 30 Nov 2026 12:00:42 GMT' }, 42],
  ['a date in the past', 429, { 'retry-after': 'Mon, 30 Nov 2026 11:00:00 GMT' }, 1],
  ['no time at all', 429, { 'retry-after': 'soon' }, 10],
  ['a negative number', 429, { 'retry-after': '-5' }, 10],
  ['nothing remains', 200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '12' }, 12],
  ['nothing remains, with x-', 200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3' }, 3],
  ['reset at a time', 200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 25) }, 25],
  ['reset at a time in the past', 200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 - 25) }, 1],
  ['something remains', 200, { 'ratelimit-remaining': '1', 'ratelimit-reset': '12' }, undefined],
  ['nothing remains, and no reset', 200, { 'ratelimit-remaining': '0' }, undefined],
  ['nothing remains, and a wrong reset', 200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '1e3' }, undefined],
  ['Retry-After before the limits', 429, { 'retry-after': '5', 'ratelimit-remaining': '0', 'ratelimit-reset': '12' }, 5],
  ['the limits of 429', 429, { 'ratelimit-remaining': '0', 'ratelimit-reset': '12' }, 12],
  ['Retry-After of an answer', 200, { 'retry-after': '5' }, undefined],
  ['nothing remains of a minute', 200, { 'x-ratelimit-remaining-stacks-minute': '0', 'x-ratelimit-remaining-stacks-second': '0' }, 60],
  ['nothing remains of a second', 200, { 'X-RateLimit-Remaining-Second': '0', 'x-ratelimit-remaining-minute': '7' }, 1],
  ['nothing remains of a month', 200, { 'x-ratelimit-remaining-stacks-month': '0' }, undefined],
  ['nothing', 200, {}, undefined],
  ['another error', 500, {}, undefined],
])('%s', (_, status, headers, seconds) => {
  expect(rest(status, headers)).toBe(seconds);
});

it('knows the statuses that ask to wait', () => {
  expect([200, 404, 429, 500, 503].filter(isBusyStatus)).toEqual([429, 503]);
});
