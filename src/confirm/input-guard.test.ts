import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { GUARD, InputGuard } from './input-guard.ts';

function guarded() {
  const target = new EventTarget();
  const clock = new ManualClock();
  const guard = new InputGuard(target, clock);
  const seen: string[] = [];
  for (const name of ['click', 'keydown', 'submit', 'pointerdown']) target.addEventListener(name, ({ type }) => seen.push(type));
  const send = (name: string) => target.dispatchEvent(new Event(name, { cancelable: true }));
  return { target, clock, guard, seen, send };
}

describe('W11: input in the first half second', () => {
  it('is dropped, and counts afterwards', () => {
    const { clock, guard, seen, send } = guarded();
    let changes = 0;
    guard.subscribe(() => (changes += 1));
    clock.advance(GUARD - 1);
    expect([send('click'), send('keydown'), send('submit'), send('pointerdown')]).toEqual([false, false, false, false]);
    expect([seen, guard.isOpen()]).toEqual([[], false]);
    clock.advance(1);
    expect([send('click'), guard.isOpen(), changes]).toEqual([true, true, 1]);
    expect(seen).toEqual(['click']);
  });

  it('begins anew when the page gets the focus, is shown again, or comes from the cache', () => {
    for (const name of ['focus', 'visibilitychange', 'pageshow']) {
      const { clock, guard, seen, send } = guarded();
      clock.advance(GUARD);
      send(name);
      expect(guard.isOpen()).toBe(false);
      clock.advance(GUARD - 1);
      send(name);
      clock.advance(GUARD - 1);
      send('click');
      expect(seen).toEqual([]);
      clock.advance(1);
      send('click');
      expect(seen).toEqual(['click']);
    }
  });

  it('is no matter any more after the end', () => {
    const { clock, guard, seen, send } = guarded();
    guard.close();
    send('click');
    expect([seen, clock.waiting]).toEqual([['click'], 0]);
  });
});
