import { describe, expect, it } from 'vitest';
import { ProgressMeter } from './progress.ts';

function meter() {
  const clock = { time: 0, monotonic: () => clock.time };
  return { clock, meter: new ProgressMeter<'epochs' | 'blocks'>(clock) };
}

describe('ProgressMeter', () => {
  it('is undefined before it starts and after it ends', () => {
    const { meter: m } = meter();
    expect(m.current).toBeUndefined();
    m.start('epochs', 4);
    expect(m.current).toEqual({ unit: 'epochs', done: 0, total: 4, rate: undefined, timeLeft: undefined });
    m.end();
    expect(m.current).toBeUndefined();
    m.update(3);
    expect(m.current).toBeUndefined();
  });

  it('measures rate and time left', () => {
    const { clock, meter: m } = meter();
    m.start('epochs', 100);
    clock.time = 2000;
    m.update(10);
    expect(m.current).toMatchObject({ done: 10, rate: 5, timeLeft: 18_000 });
  });

  it('adapts to a change of speed', () => {
    const { clock, meter: m } = meter();
    m.start('blocks', 10_000);
    for (let second = 1; second <= 100; second += 1) {
      clock.time = second * 1000;
      m.update(second <= 50 ? second : 50 + (second - 50) * 100);
    }
    expect(m.current!.rate).toBeCloseTo(100, 0);
  });

  it('never shows more done than the total', () => {
    const { meter: m } = meter();
    m.start('blocks', 10);
    m.update(12);
    expect(m.current).toMatchObject({ done: 12, total: 12 });
  });

  it('stays bounded over very many updates', () => {
    const { clock, meter: m } = meter();
    m.start('blocks', 1e9);
    for (let i = 0; i < 10_000; i += 1) {
      clock.time += 0.01;
      m.update(i);
    }
    expect(m.current!.done).toBe(9999);
  });
});
