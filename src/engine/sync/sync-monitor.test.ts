import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { SyncMonitor } from './sync-monitor.ts';

function record(monitor: SyncMonitor, clock: ManualClock): void {
  monitor.started();
  monitor.download(64, 64, 640);
  monitor.stage('structure', 3, 64, 64);
  monitor.stage('signature', 128, 64, 64);
  monitor.stage('state', 32, 64, 64);
  monitor.bandwidth('a', 1_000, 80);
  monitor.useful('a', 900);
  monitor.failure('a');
  monitor.error('timeout');
  monitor.coordinate(() => clock.advance(5));
  clock.advance(95);
  monitor.stopped();
}

describe('7.7 monitor', () => {
  it('record_*: each value appears once, and the export is JSON', () => {
    const clock = new ManualClock();
    const monitor = new SyncMonitor(true, clock);
    record(monitor, clock);
    const view = monitor.view();
    expect(view).toEqual({
      downloads: [{ height: 64, milliseconds: 10 }],
      validations: [{ height: 64, milliseconds: 2 }],
      applications: [{ height: 64, milliseconds: 0.5 }],
      stages: { structure: 3, link: 0, signature: 128, finality: 0, state: 32 },
      peers: { a: { bytes: 1_000, usefulBytes: 900, latencies: [80], failures: 1 } },
      errors: { timeout: 1 },
      bytes: 1_000, usefulBytes: 900, coordination: 5, elapsed: 100,
    });
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });

  it('performance_monitoring off: no samples are kept', () => {
    const clock = new ManualClock();
    const monitor = new SyncMonitor(false, clock);
    record(monitor, clock);
    expect(monitor.view()).toEqual({
      downloads: [], validations: [], applications: [], stages: { structure: 0, link: 0, signature: 0, finality: 0, state: 0 }, peers: {}, errors: {}, bytes: 0, usefulBytes: 0, coordination: 0, elapsed: 0,
    });
  });

  it('is bounded', () => {
    const monitor = new SyncMonitor(true, new ManualClock());
    for (let index = 0; index < 3_000; index += 1) {
      monitor.download(index, 1, 1);
      monitor.bandwidth(`peer-${index}`, 1, 1);
      monitor.bandwidth('one', 1, 1);
      monitor.error(`error-${index}`);
    }
    const view = monitor.view();
    expect([view.downloads.length, view.downloads[0]!.height]).toEqual([1_000, 2_000]);
    expect(Object.keys(view.peers)).toHaveLength(256);
    expect(Math.max(...Object.values(view.peers).map(({ latencies }) => latencies.length))).toBeLessThanOrEqual(100);
    expect(Object.keys(view.errors)).toHaveLength(256);
  });
});
