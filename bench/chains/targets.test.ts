import { describe, expect, it } from 'vitest';
import { HEADERS, missedLines, targetsOf, verdictOf } from './targets.ts';

const good = { rate: 2000, ratePerProcessor: 2500, median: 2, ninetyFifth: 9, coordination: { share: 0.01, run: 'fast' }, useful: { share: 0.97, run: 'fast' }, memory: { headers: HEADERS, peak: 400e6 } };

describe('the targets of the HotStuff-2 document', () => {
  it('are all met by a good run', () => {
    expect(targetsOf(good).map(verdictOf)).toEqual(Array.from({ length: 6 }, () => 'met'));
    expect(missedLines(targetsOf(good))).toEqual([]);
  });

  it.each([
    [{ rate: 999 }, 'missed: download and verification by certificate and hashes (above 1000 blocks/s), measured 999 blocks/s; the slower chain, median of its runs; 2500 in a second of processor time'],
    [{ ninetyFifth: 100 }, 'missed: a block in incremental mode, 95th percentile (below 100 ms), measured 100 ms; the same'],
    [{ coordination: { share: 0.0512, run: 'fast' } }, 'missed: coordination (below 5 % of the time), measured 5.12 % of the time; the largest share of all runs: fast'],
    [{ useful: { share: 0.75, run: 'slow' } }, 'missed: useful bytes (above 80 %), measured 75.0 %; the smallest share of all runs: slow'],
    [{ memory: { headers: HEADERS, peak: 1.2e9 } }, 'missed: memory at 100000 headers (below 1000 MB), measured 1.20e+3 MB; the whole process at its most'],
    [{ memory: { headers: 20_000, peak: 200e6 } }, 'not measured: memory at 100000 headers (below 1000 MB); 200 MB at 20000; measured with --headers 100000'],
    [{ memory: undefined }, 'not measured: memory at 100000 headers (below 1000 MB); measured with --headers 100000'],
  ])('that are not met are said: %o', (change, line) => {
    expect(missedLines(targetsOf({ ...good, ...change }))).toEqual([line]);
  });
});
