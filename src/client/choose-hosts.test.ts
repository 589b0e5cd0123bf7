import { expect, it } from 'vitest';
import { FakeLocks } from '../../test/support/fake-locks.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { chooseHosts, type HostOptions } from './choose-hosts.ts';

const all = { SharedWorker: 1, Worker: 1, BroadcastChannel: 1 };
const choose = (options: Partial<HostOptions>) =>
  chooseHosts({ host: undefined, network: { genesisHash: '4f8f18fc'.repeat(8) }, build: 'b1', locks: new FakeLocks(), clock: new ManualClock(), startHub: undefined, alone: false, scope: all, ...options }).kinds.map(({ names, seize }) => `${names.worker(0)}${seize ? ' seat' : ''}`);

const worker = 'petrel/4f8f18fc/b1';
const elected = 'petrel/4f8f18fc/elected/b1 seat';

it('tries all hosts that the browser has, the best first', () => {
  expect(choose({})).toEqual([worker, worker]);
  expect(choose({ scope: { Worker: 1, BroadcastChannel: 1 } })).toEqual([elected, worker]);
  expect(choose({ scope: { Worker: 1 } })).toEqual([worker]);
});

it('gives each tab its own hub where tabs cannot see each other', () => {
  expect(choose({ alone: true })).toEqual([worker]);
  expect(choose({ alone: true, scope: { Worker: 1, BroadcastChannel: 1 } })).toEqual([worker]);
});

it('tries only the requested host, and refuses an unknown one by name', () => {
  expect(choose({ host: 'elected' })).toEqual([elected]);
  expect(choose({ host: 'single' })).toEqual([worker]);
  expect(() => choose({ host: 'moon' as never })).toThrow(expect.objectContaining({ code: 'bad-host', data: { host: 'moon', known: 'shared, elected, single' } }));
  expect(() => choose({ host: 'shared', scope: { Worker: 1 } })).toThrow(expect.objectContaining({ code: 'missing-features', data: { missing: 'SharedWorker' } }));
});

it("uses an embedder's own starter, except for the elected host", () => {
  const startHub = () => new EventTarget() as Worker;
  expect(choose({ startHub })).toEqual([worker]);
  expect(choose({ startHub, host: 'elected' })).toEqual([elected]);
});
