import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { startHeartbeat } from './heartbeat.ts';

function setup() {
  const clock = new ManualClock();
  const ping = vi.fn<() => void>();
  const onHung = vi.fn<() => void>();
  return { clock, ping, onHung, heartbeat: startHeartbeat({ clock, patience: 15_000, ping, onHung }) };
}

describe('heartbeat', () => {
  it('sends no ping while the other side sends messages', () => {
    const { clock, ping, onHung, heartbeat } = setup();
    for (let second = 0; second < 60; second++) {
      clock.advance(1_000);
      heartbeat.heard();
    }
    expect(ping).not.toHaveBeenCalled();
    expect(onHung).not.toHaveBeenCalled();
  });

  it('pings a silent side, and accepts any answer', () => {
    const { clock, ping, onHung, heartbeat } = setup();
    ping.mockImplementation(() => heartbeat.heard());
    clock.advance(60_000);
    expect(ping).toHaveBeenCalledTimes(12);
    expect(onHung).not.toHaveBeenCalled();
  });

  it('reports once that the other side hangs, and then stops', () => {
    const { clock, ping, onHung } = setup();
    clock.advance(14_999);
    expect(onHung).not.toHaveBeenCalled();
    clock.advance(1);
    expect(onHung).toHaveBeenCalledTimes(1);
    expect(ping).toHaveBeenCalledTimes(4);
    expect(clock.waiting).toBe(0);
  });

  it('does not blame the other side for the time while this page slept', () => {
    const { clock, ping, onHung, heartbeat } = setup();
    clock.advance(10_000);
    clock.sleep(3_600_000);
    clock.advance(14_999);
    expect(onHung).not.toHaveBeenCalled();
    // In a hidden page timers run once a minute.
    for (let minute = 0; minute < 10; minute++) {
      clock.sleep(60_000);
      clock.advance(0);
    }
    expect(onHung).not.toHaveBeenCalled();
    clock.advance(15_000);
    expect(onHung).toHaveBeenCalledTimes(1);
    expect(ping).toHaveBeenCalled();
    heartbeat.stop();
  });

  it('can be stopped', () => {
    const { clock, onHung, heartbeat } = setup();
    heartbeat.stop();
    clock.advance(60_000);
    expect(onHung).not.toHaveBeenCalled();
    expect(clock.waiting).toBe(0);
  });
});
