import { expect, it } from 'vitest';
import { FakeLocks } from '../../../test/support/fake-locks.ts';
import { holdLock, lockReleased, stealLock, tryLock } from './liveness-lock.ts';

it('a waiter gets a held lock when it is released', async () => {
  const locks = new FakeLocks();
  const held = await holdLock(locks, 'a');
  let gone = false;
  const released = lockReleased(locks, 'a', new AbortController().signal).then(() => (gone = true));
  expect(await tryLock(locks, 'a')).toBeUndefined();
  expect(gone).toBe(false);
  held.release();
  await released;
  expect(await held.ended).toBe('released');
});

it("both sides learn of the holder's death", async () => {
  const locks = new FakeLocks();
  const held = await holdLock(locks, 'a');
  const released = lockReleased(locks, 'a', new AbortController().signal);
  locks.kill('a');
  expect(await held.ended).toBe('taken');
  await released;
});

it('a thread that hangs while it waits does not keep the end from others', async () => {
  const locks = new FakeLocks();
  await holdLock(locks.of('tab'), 'a');
  // Its callback does not run, so it keeps what is granted to it.
  void locks.of('hung hub').request('a', { mode: 'shared' }, () => new Promise(() => undefined));
  const released = lockReleased(locks.of('next hub'), 'a', new AbortController().signal);
  locks.kill('a');
  await expect(released).resolves.toBeUndefined();
});

it('an abort ends the wait, and the next in line gets the lock', async () => {
  const locks = new FakeLocks();
  const first = await holdLock(locks, 'a');
  const controller = new AbortController();
  const second = holdLock(locks, 'a', { signal: controller.signal });
  const third = holdLock(locks, 'a');
  controller.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  first.release();
  (await third).release();
});

it('a stolen lock goes to the next in line, and the holder is told', async () => {
  const locks = new FakeLocks();
  const hung = await holdLock(locks.of('hung'), 'a');
  const next = holdLock(locks.of('next'), 'a');
  await stealLock(locks.of('page'), 'a');
  expect(await hung.ended).toBe('taken');
  const held = await next;
  expect((await locks.query()).held).toEqual([{ name: 'a', clientId: 'next' }]);
  held.release();
});

it('tryLock takes a free lock', async () => {
  const held = await tryLock(new FakeLocks(), 'a');
  expect(held).toBeDefined();
  held?.release();
});
