import { expect, it } from 'vitest';
import { worldItem } from '../../../test/support/followed-world.ts';
import { AnnouncementQueue } from './announcement-queue.ts';

const block = (height: number, size = 100) => ({ kind: 'block', item: { ...worldItem(height), size } }) as const;
function drained(queue: AnnouncementQueue<unknown, number>): readonly string[] {
  const all: string[] = [];
  for (let next = queue.shift(); next; next = queue.shift()) all.push(next.announcement.kind === 'block' ? `${next.peer}${next.announcement.item.height}` : `${next.peer}final`);
  return all;
}

it('keeps the order of arrival, and drops what a sync covered or a banned peer sent', () => {
  const queue = new AnnouncementQueue<unknown, number>();
  for (const height of [5, 6, 7]) queue.push('a', block(height));
  queue.push('b', block(8));
  queue.push('a', { kind: 'final', proof: 5 });
  queue.push('c', block(9));
  queue.covered(6);
  queue.leave('b');
  expect(queue.size).toBe(3);
  expect(drained(queue)).toEqual(['a7', 'afinal', 'c9']);
  queue.push('a', block(1));
  queue.clear();
  expect(queue.shift()).toBeUndefined();
});

it('a peer that announces too many pushes out only its own', () => {
  const queue = new AnnouncementQueue<unknown, number>();
  queue.push('b', block(1));
  for (let height = 1; height <= 200; height++) queue.push('a', block(height));
  expect(queue.size).toBe(129);
  expect(queue.dropped).toBe(72);
  expect(drained(queue).slice(0, 2)).toEqual(['b1', 'a73']);
});

it('has a bound in number and in bytes', () => {
  const queue = new AnnouncementQueue<unknown, number>();
  for (let i = 0; i < 600; i++) queue.push(`p${i % 8}`, block(i + 1));
  expect(queue.size).toBe(512);
  queue.clear();
  for (let i = 0; i < 5; i++) queue.push('a', block(i + 1, 8_000_000));
  expect(drained(queue)).toEqual(['a4', 'a5']);
  queue.push('a', block(1, 100_000_000));
  expect(queue.size).toBe(1);
});
