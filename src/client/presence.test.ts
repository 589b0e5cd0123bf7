import { expect, it } from 'vitest';
import type { Presence } from '../bridge/life/presence.ts';
import { watchPresence } from './presence.ts';

function setUp() {
  const told: Partial<Presence>[] = [];
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const connection = Object.assign(new EventTarget(), { saveData: false });
  const page = Object.assign(new EventTarget(), { document, navigator: { onLine: true, connection } });
  const watch = watchPresence(page, (presence) => told.push(presence));
  const event = (target: EventTarget, name: string, change = () => {}) => {
    change();
    target.dispatchEvent(new Event(name));
    return told.splice(0);
  };
  return { watch, page, document, connection, event };
}

it('reports each change once', () => {
  const { watch, page, document, connection, event } = setUp();
  expect(watch.now).toEqual({ visible: true, frozen: false, online: true, saveData: false });
  expect(event(document, 'visibilitychange')).toEqual([]);
  expect(event(document, 'visibilitychange', () => (document.visibilityState = 'hidden'))).toMatchObject([{ visible: false, frozen: false }]);
  expect(event(document, 'freeze')).toMatchObject([{ visible: false, frozen: true }]);
  expect(event(document, 'resume')).toMatchObject([{ frozen: false }]);
  expect(event(page, 'pagehide')).toMatchObject([{ frozen: true }]);
  expect(event(page, 'pageshow', () => (document.visibilityState = 'visible'))).toMatchObject([{ visible: true, frozen: false }]);
  expect(event(page, 'offline', () => (page.navigator.onLine = false))).toMatchObject([{ online: false }]);
  expect(event(page, 'online', () => (page.navigator.onLine = true))).toMatchObject([{ online: true }]);
  expect(event(connection, 'change', () => (connection.saveData = true))).toEqual([watch.now]);
  expect(watch.now.saveData).toBe(true);
  watch.stop();
  for (const target of [page, document, connection]) for (const name of ['visibilitychange', 'freeze', 'pagehide', 'offline', 'change']) expect(event(target, name, () => (document.visibilityState = 'hidden'))).toEqual([]);
});

it('without a page the state is visible and online', () => {
  expect(watchPresence({}, () => {}).now).toEqual({ visible: true, frozen: false, online: true, saveData: false });
});
