import { expect, it } from 'vitest';
import { attacksTable } from './attacks-table.ts';

it('the figures of attacks are shown in a table', () => {
  const figures = { attack: 'pings', acts: 100, of: 200, client: 203, network: 203, received: 12_009_077, sent: 4072, heap: -500, streams: 3, connections: 1, jobs: 2, banned: 1, wronged: 0, live: 3, reasons: ['too-many-pings'], longestTurn: 12 };
  const machine = { cpu: 'cpu', cores: 2, system: 'system', node: '22', date: '2026-01-01T00:00:00Z', commit: 'abc' };
  expect(attacksTable([figures, { ...figures, banned: 0, reasons: [] }], machine).split('\n')).toEqual([
    'cpu, 2 cores; system; Node 22. 2026-01-01, commit abc.',
    '',
    expect.stringContaining('| attack |'),
    '|---|---|---|---|---|---|---|---|---|',
    '| pings | 100 of 200 | 203, 203 | 12.0 M, 4 k | -500 | 3, 1 | 2 | 1 banned; too-many-pings | 12 |',
    '| pings | 100 of 200 | 203, 203 | 12.0 M, 4 k | -500 | 3, 1 | 2 | still there | 12 |',
  ]);
});
