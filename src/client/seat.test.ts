import { expect, it } from 'vitest';
import { FakeLocks } from '../../test/support/fake-locks.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { holdLock, type Locks } from '../bridge/life/liveness-lock.ts';
import { namesOf } from '../bridge/life/names.ts';
import { Seat } from './seat.ts';

const names = namesOf({ genesisHash: '4f8f18fc'.repeat(8) }, 'b1', 'elected');
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** An origin whose tabs note each worker that they start or end. */
function origin() {
  const locks = new FakeLocks();
  const log: string[] = [];
  const tab = (id: string, view: Locks = locks.of(id)) =>
    new Seat({
      names, locks: view, clock: new ManualClock(),
      start: ({ name }) => {
        log.push(`${id} starts`);
        const lock = names.hub(name, `${id}${log.length}`);
        void holdLock(locks.of(`worker of ${id}`), lock).catch(() => undefined);
        const terminate = () => {
          log.push(`${id} ends`);
          locks.kill(lock);
        };
        return Object.assign(new EventTarget(), { postMessage: () => undefined, terminate }) as unknown as Worker;
      },
    });
  return { locks, log, tab };
}

it('starts no worker for a seat that another tab has taken meanwhile', async () => {
  const { locks, log, tab } = origin();
  let go = () => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  const view = locks.of('a');
  const slow = tab('a', { ...view, query: () => gate.then(() => view.query()) });
  slow.stand();
  await turn();
  await tab('b').seize(1);
  go();
  await turn();
  await turn();
  expect(log).toEqual(['b starts']);
});

it('takes no seat while its tab is asleep', async () => {
  const { log, tab } = origin();
  tab('a').stand();
  await turn();
  const asleep = tab('b');
  asleep.stand();
  asleep.sleep(true);
  await asleep.seize(1);
  await turn();
  expect(log).toEqual(['a starts']);
});
