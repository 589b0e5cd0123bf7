import { expect, it } from 'vitest';
import { RequestSlots } from './request-slots.ts';

const never = new AbortController().signal;

function held() {
  let release = () => {};
  const promise = new Promise<void>((resolve) => (release = resolve));
  return { promise, release };
}

it('lets so many run at once, and the others after them, in order', async () => {
  const slots = new RequestSlots(2);
  const gates = [held(), held(), held(), held()];
  const started: number[] = [];
  const all = gates.map(({ promise }, index) => slots.run(() => (started.push(index), promise), never));
  await Promise.resolve();
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  gates[1]!.release();
  await all[1];
  await Promise.resolve();
  await Promise.resolve();
  expect(started).toEqual([0, 1, 2]);
  for (const { release } of gates) release();
  await Promise.all(all);
  expect(started).toEqual([0, 1, 2, 3]);
  expect(await slots.run(async () => 'free again', never)).toBe('free again');
});

it('frees the slot of one that fails, and forgets one that was given up', async () => {
  const slots = new RequestSlots(1);
  const gate = held();
  const first = slots.run(() => gate.promise.then(() => Promise.reject(new Error('failed'))), never);
  const givenUp = new AbortController();
  const second = slots.run(async () => 'second', givenUp.signal);
  const third = slots.run(async () => 'third', never);
  givenUp.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  gate.release();
  await expect(first).rejects.toThrow('failed');
  expect(await third).toBe('third');
});

it('has a bound on what waits, and rejects it at the end', async () => {
  const slots = new RequestSlots(1);
  const gate = held();
  const running = slots.run(() => gate.promise, never);
  const waiting = Array.from({ length: 64 }, () => slots.run(async () => 1, never));
  await expect(slots.run(async () => 1, never)).rejects.toMatchObject({ code: 'busy' });
  slots.close(new Error('ended'));
  for (const one of waiting) await expect(one).rejects.toThrow('ended');
  await expect(slots.run(async () => 1, never)).rejects.toThrow('ended');
  gate.release();
  await running;
});
