import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { AnswerTimes } from './answer-times.ts';
import { SilentPeers } from './silent-peers.ts';

it('issue 11: a silent peer is remembered for a minute', () => {
  const clock = new ManualClock();
  const silent = new SilentPeers(clock);
  silent.mark('a');
  clock.advance(59_999);
  expect([silent.has('a'), silent.has('b')]).toEqual([true, false]);
  clock.advance(1);
  expect(silent.has('a')).toBe(false);
});

it('issue 11: a peer that is silent again and again comes last for longer, but no longer than ten minutes', () => {
  const clock = new ManualClock();
  const silent = new SilentPeers(clock);
  const lengths: number[] = [];
  for (let times = 0; times < 6; times += 1) {
    silent.mark('a');
    let minutes = 0;
    for (; silent.has('a'); minutes += 1) clock.advance(60_000);
    lengths.push(minutes);
  }
  expect(lengths).toEqual([1, 2, 4, 8, 10, 10]);
  clock.advance(600_000);
  silent.mark('a');
  clock.advance(60_000);
  expect(silent.has('a')).toBe(false);
});

it('remembers 64 peers', () => {
  const silent = new SilentPeers(new ManualClock());
  for (let at = 0; at < 65; at += 1) silent.mark(`${at}`);
  expect([silent.has('0'), silent.has('1'), silent.has('64')]).toEqual([false, true, true]);
});

it('issue 11: on a slow line a peer may take twice as long as the fastest, at most 20 s; one fast peer suffices to know the silent ones', () => {
  const clock = new ManualClock();
  const times = new AnswerTimes(clock);
  expect(times.patience).toBe(2000);
  times.note('a', 5000);
  times.note('b', 6000);
  expect(times.patience).toBe(10_000);
  times.note('a', 15_000);
  times.note('b', 15_000);
  expect(times.patience).toBe(20_000);
  times.note('c', 50);
  expect(times.patience).toBe(2000);
  // A minute later it has left, and its answers say nothing about the line any more.
  clock.advance(60_000);
  times.note('a', 4000);
  expect(times.patience).toBe(8000);
});
