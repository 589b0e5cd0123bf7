import { expect, it } from 'vitest';
import { RequestCounts } from './request-counts.ts';

const answer = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers });

it('counts the requests of the last minute, of each server alone', () => {
  const counts = new RequestCounts();
  for (const at of [0, 1_000, 59_000]) counts.sent('a', at);
  counts.sent('b', 5);
  expect([counts.recent('a', 59_999), counts.recent('a', 60_500), counts.recent('a', 200_000), counts.recent('b', 60_000), counts.recent('c', 0)]).toEqual([3, 2, 0, 1, 0]);
});

it.each<[string, Response, boolean]>([
  ['429', answer(429), true],
  ['a header of its own', answer(200, { 'x-ratelimit-limit-stacks-minute': '50' }), true],
  ['a header of the draft', answer(200, { 'ratelimit-remaining': '17' }), true],
  ['nothing', answer(200, { 'content-type': 'application/json' }), false],
  ['503', answer(503), false],
  ['a header of something else', answer(200, { 'x-ratelimit-policy': 'none' }), false],
])('knows a server that counts by %s', (_, response, expected) => {
  const counts = new RequestCounts();
  counts.sent('a', 0);
  counts.answered('a', response);
  counts.sent('a', 1);
  counts.answered('a', answer(200));
  expect([counts.isCounted('a'), counts.isCounted('b')]).toEqual([expected, false]);
});

it('remembers so many requests and servers', () => {
  const counts = new RequestCounts();
  for (let i = 0; i < 2_000; i += 1) counts.sent('a', i);
  expect(counts.recent('a', 2_000)).toBe(1_024);
  for (let i = 0; i < 64; i += 1) counts.sent(`other ${i}`, 2_000);
  expect([counts.recent('a', 2_000), counts.recent('other 63', 2_000)]).toEqual([0, 1]);
});
