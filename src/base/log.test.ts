import { describe, expect, it } from 'vitest';
import { LogRing } from './log.ts';

describe('LogRing', () => {
  it('keeps the newest records in order, with their times', () => {
    let time = 0;
    const ring = new LogRing({ now: () => (time += 1) }, 3);
    for (const code of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) ring.add('sync', 'info', 'peer-joined', { peer: code });
    expect(ring.records().map((record) => [record.time, record.data['peer']])).toEqual([[5, 'e'], [6, 'f'], [7, 'g']]);
  });

  it('returns the record it made', () => {
    const ring = new LogRing({ now: () => 7 }, 3);
    expect(ring.add('sync', 'warning', 'few-witnesses', { witnesses: 1 })).toEqual({ time: 7, level: 'warning', area: 'sync', code: 'few-witnesses', data: { witnesses: 1 } });
  });
});
