import { describe, expect, it } from 'vitest';
import { ProgressTracker } from './progress-tracker.ts';

/** Feeds `rate` blocks a second for some time, ten times a second. Returns the moment at its end. */
function feed(tracker: ProgressTracker, from: number, milliseconds: number, rate: number): number {
  for (let at = from + 100; at <= from + milliseconds; at += 100) if (rate > 0) tracker.add(rate / 10, at);
  return from + milliseconds;
}

describe('7.7 tracker', () => {
  it('update_progress, calculate_download_rate: a constant feed over the window of five seconds', () => {
    const tracker = new ProgressTracker();
    expect(tracker.rate(0)).toBeUndefined();
    tracker.start(0);
    expect(tracker.rate(400)).toBeUndefined();
    const now = feed(tracker, 0, 20_000, 50);
    expect(tracker.rate(now)).toBeCloseTo(50, 5);
    expect(tracker.synced).toBe(1_000);
    expect(feed(tracker, now, 5_000, 100)).toBe(25_000);
    expect(tracker.rate(25_000)).toBeCloseTo(100, 5);
  });

  it('estimate_completion', () => {
    const tracker = new ProgressTracker();
    tracker.start(0);
    expect(tracker.estimate(100, 0)).toBeUndefined();
    const now = feed(tracker, 0, 10_000, 50);
    expect(tracker.estimate(1_000, now)).toBe(20_000);
    expect(tracker.estimate(0, now)).toBe(0);
    expect(tracker.estimate(1_000, now + 60_000)).toBeUndefined();
  });

  it('get_progress_trend: faster, steady, slower, stalled', () => {
    const tracker = new ProgressTracker();
    tracker.start(0);
    let now = feed(tracker, 0, 10_000, 50);
    expect(tracker.trend(now)).toBe('steady');
    now = feed(tracker, now, 5_000, 80);
    expect(tracker.trend(now)).toBe('faster');
    now = feed(tracker, now, 5_000, 60);
    expect(tracker.trend(now)).toBe('slower');
    now = feed(tracker, now, 5_000, 0);
    expect(tracker.trend(now)).toBe('stalled');
  });
});
