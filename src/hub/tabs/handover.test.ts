import { describe, expect, it } from 'vitest';
import { FakeChannel } from '../../../test/support/fake-channel.ts';
import { FakeLocks } from '../../../test/support/fake-locks.ts';
import { holdLock, type HeldLock } from '../../bridge/life/liveness-lock.ts';
import { namesOf } from '../../bridge/life/names.ts';
import { SettlingClock, settle } from '../../../test/support/settling-clock.ts';
import { Handover, type OwnerBuild } from './handover.ts';

const genesis = 'ab'.repeat(32);

/** Hubs of one origin, each with its own lock in addition to the owner lock. */
class Origin {
  readonly locks = new FakeLocks();
  readonly clock = new SettlingClock();
  readonly #channels = new Set<FakeChannel>();

  async hub(build: string, kind: 'shared' | 'tab' = 'shared', generation = 2) {
    const names = namesOf({ genesisHash: genesis }, build);
    const locks = this.locks.of(`${build} ${kind} ${generation}`);
    const worker = kind === 'shared' ? names.worker(generation) : undefined;
    await holdLock(locks, worker ? names.hub(worker, 'h') : names.tabHub('h'));
    const handover = new Handover({ names, build, worker, locks, clock: this.clock, channel: new FakeChannel(this.#channels) });
    return { handover, lock: () => holdLock(locks, names.owner) };
  }
}

describe('hand-over between builds', () => {
  it('the newer hub asks, and gets the lock as soon as the older one releases it', async () => {
    const origin = new Origin();
    for (const kind of ['shared', 'tab'] as const) {
      const old = await origin.hub('0a', kind);
      const held = await old.lock();
      let asked = 0;
      const stopListening = old.handover.onAsked(() => asked++);
      const next = await origin.hub('0b', kind);
      const seen: OwnerBuild[] = [];
      const stop = next.handover.insist((build) => seen.push(build));
      const lock = next.lock();
      await settle();
      await origin.clock.advance(2_500);
      expect([asked, seen]).toEqual([3, ['older', 'older', 'older']]);
      held.release();
      (await lock).release();
      stop();
      stopListening();
      await origin.clock.advance(20_000);
      expect(asked).toBe(3);
    }
  });

  it('a hub that was replaced is asked by its successor, and sees that it has one', async () => {
    const origin = new Origin();
    const replaced = await origin.hub('0a', 'shared', 0);
    const held = await replaced.lock();
    const asked: string[] = [];
    replaced.handover.onAsked((by) => asked.push(by));
    const next = await origin.hub('0a', 'shared', 1);
    const seen: OwnerBuild[] = [];
    const stop = next.handover.insist((build) => seen.push(build));
    const lock = next.lock();
    await settle();
    expect([asked, seen]).toEqual([['successor'], ['older']]);
    held.release();
    await lock;
    stop();
    const stopOld = replaced.handover.insist((build) => seen.push(build));
    await settle();
    expect(seen.at(-1)).toBe('successor');
    stopOld();
  });

  it('the older hub waits for the newer, and two of one build wait for each other', async () => {
    for (const [build, seen] of [['0a', 'newer'], ['0b', 'same']] as const) {
      const origin = new Origin();
      const owner = await origin.hub('0b');
      const held = await owner.lock();
      let asked = false;
      owner.handover.onAsked(() => (asked = true));
      const other = await origin.hub(build, 'tab');
      const looks = new Set<OwnerBuild>();
      other.handover.insist((how) => looks.add(how));
      void other.lock();
      await settle();
      await origin.clock.advance(600_000);
      expect([...looks]).toEqual([seen]);
      expect(asked).toBe(false);
      expect(await Promise.race([held.ended, 'held'])).toBe('held');
    }
  });

  it('an older owner that does not answer loses the lock, at most a bounded number of times', async () => {
    const origin = new Origin();
    const next = await origin.hub('0b');
    const old = await origin.hub('0a');
    let grants = 0;
    /** A hub that always comes back, and never listens. */
    const hold = (): Promise<HeldLock> => old.lock().then((held) => (grants++, void held.ended.then(hold), held));
    await hold();
    const stop = next.handover.insist(() => undefined);
    await settle();
    await origin.clock.advance(9_000);
    expect(grants).toBe(1);
    await origin.clock.advance(3_000);
    expect(grants).toBe(2);
    await origin.clock.advance(600_000);
    expect(grants).toBe(4);
    stop();
  });

  it('other messages on the channel are no requests', async () => {
    const origin = new Origin();
    let asked = 0;
    const channels = new Set<FakeChannel>();
    const listening = new Handover({ names: namesOf({ genesisHash: genesis }, '0a'), build: '0a', locks: origin.locks, clock: origin.clock, channel: new FakeChannel(channels) });
    listening.onAsked(() => asked++);
    const loud = new FakeChannel(channels);
    for (const message of [null, 7, 'hand-over', { kind: 'hand-over' }, { kind: 'hand-over', build: 9 }, { kind: 'hand-over', build: '00' }, { kind: 'other', build: 'zz' }]) loud.say(message);
    await origin.clock.advance(0);
    expect(asked).toBe(0);
    loud.say({ kind: 'hand-over', build: '0b' });
    await origin.clock.advance(0);
    expect(asked).toBe(1);
  });
});
