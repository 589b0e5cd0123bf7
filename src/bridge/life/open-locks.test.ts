import { expect, it } from 'vitest';
import { FakeLocks } from '../../../test/support/fake-locks.ts';
import { holdLock, lockReleased, tryLock } from './liveness-lock.ts';
import { openLocks } from './open-locks.ts';

const refuse = async () => {
  throw new DOMException('The request was denied.', 'SecurityError');
};

it('passes all calls on to a browser that has locks', async () => {
  const native = new FakeLocks();
  const locks = openLocks(native);
  const held = await holdLock(locks, 'a');
  expect(native.held('a')).toBe(true);
  expect(await tryLock(locks, 'a')).toBe(undefined);
  expect((await locks.query()).held).toHaveLength(1);
  const released = lockReleased(locks, 'a', new AbortController().signal);
  held.release();
  await released;
  expect(await locks.alone()).toBe(false);
});

it('grants every lock where the browser refuses them, and treats no other thread as gone', async () => {
  const locks = openLocks({ request: refuse, query: refuse });
  expect(await locks.alone()).toBe(true);
  const held = await holdLock(locks, 'owner');
  expect(await locks.query()).toEqual({ held: [] });
  held.release();
  expect(await held.ended).toBe('released');
  const leaving = new AbortController();
  let gone = false;
  const released = lockReleased(locks, 'hub', leaving.signal).then(() => (gone = true));
  await holdLock(locks, 'hub');
  expect(gone).toBe(false);
  leaving.abort(new Error('left'));
  await expect(released).rejects.toThrow('left');
});
