import { expect, it } from 'vitest';
import { UPLOAD_WINDOW } from './upload-budget.ts';
import { UploadShares } from './upload-shares.ts';

function setup(cap: number) {
  let now = 0;
  const shares = new UploadShares({ monotonic: () => now }, cap);
  return { shares, wait: (ms: number) => (now += ms) };
}

it('one peer gets a quarter of the budget within an hour, also over several connections; all together get the whole', () => {
  const { shares, wait } = setup(1_000);
  expect([shares.of('a').take(200), shares.of('a').take(60), shares.of('a').take(50), shares.of('a').left, shares.total]).toEqual([true, false, true, 0, 250]);
  expect(['b', 'c', 'd', 'e'].map((peer) => shares.of(peer).take(240))).toEqual([true, true, true, false]);
  expect([shares.of('e').left, shares.of('b').left, shares.of('e').take(30), shares.total]).toEqual([30, 10, true, 1_000]);
  wait(UPLOAD_WINDOW);
  expect([shares.of('a').left, shares.of('a').take(250), shares.total]).toEqual([250, true, 1_250]);
});

it('gives nothing at a cap of 0, and remembers 64 peers', () => {
  expect([setup(0).shares.of('a').left, setup(0).shares.of('a').take(1)]).toEqual([0, false]);
  const { shares } = setup(100_000);
  for (let i = 0; i < 70; i++) shares.of(String(i)).take(1);
  expect([shares.of('69').left, shares.of('0').left]).toEqual([24_999, 25_000]);
});
