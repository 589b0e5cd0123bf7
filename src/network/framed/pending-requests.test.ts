import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { PendingRequests } from './pending-requests.ts';

const never = new AbortController().signal;

function setup(options: { readonly limit?: number; readonly lastId?: number } = {}) {
  const clock = new ManualClock();
  const requests = new PendingRequests<string>({ clock, limit: 3, timeout: 1_000, ...options });
  const sent: number[] = [];
  const ask = (kind = 1, signal = never) => {
    const answer = requests.ask(kind, (id) => sent.push(id), { signal });
    answer.catch(() => undefined);
    return answer;
  };
  return { clock, requests, sent, ask };
}

it('matches answers in any order, and measures the last one', async () => {
  const { clock, requests, sent, ask } = setup();
  const answers = [ask(), ask()];
  clock.advance(70);
  expect(requests.answer(sent[1]!, 1, 'b')).toBe('matched');
  expect(requests.latency).toBe(70);
  clock.advance(5);
  expect(requests.answer(sent[0]!, 1, 'a')).toBe('matched');
  expect(await Promise.all(answers)).toEqual(['a', 'b']);
  expect(requests.latency).toBe(75);
  expect(clock.waiting).toBe(0);
});

it('tells an answer to nothing from a late one and from one of another kind', async () => {
  const { clock, requests, sent, ask } = setup();
  expect(requests.answer(7, 1, 'x')).toBe('unknown');
  const answer = ask(2);
  expect(requests.answer(sent[0]!, 1, 'x')).toBe('wrong-kind');
  clock.advance(1_000);
  await expect(answer).rejects.toMatchObject({ name: 'RequestError', code: 'timeout' });
  expect(requests.answer(sent[0]!, 2, 'x')).toBe('late');
  // Only once: a peer that repeats itself answers nothing.
  expect(requests.answer(sent[0]!, 2, 'x')).toBe('unknown');
  const good = ask(2);
  requests.answer(sent[1]!, 2, 'y');
  expect(requests.answer(sent[1]!, 2, 'y')).toBe('unknown');
  expect(await good).toBe('y');
});

it('bounds what is in flight, and obeys the signal', async () => {
  const { requests, ask } = setup();
  const controller = new AbortController();
  const answers = [ask(1, controller.signal), ask(), ask()];
  await expect(ask()).rejects.toMatchObject({ code: 'busy' });
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(answers[0]).rejects.toBe(reason);
  expect(requests.size).toBe(2);
  await expect(ask(1, controller.signal)).rejects.toBe(reason);
});

it('rejects a request that the peer refuses, one that cannot be sent, and all when the connection ends', async () => {
  const { clock, requests, sent, ask } = setup();
  const refused = ask();
  expect(requests.fail(sent[0]!, undefined, new Error('pruned'))).toBe('matched');
  await expect(refused).rejects.toThrow('pruned');
  const unsent = requests.ask(1, () => {
    throw new Error('buffer-full');
  }, { signal: never });
  await expect(unsent).rejects.toThrow('buffer-full');
  const open = [ask(), ask()];
  requests.close();
  for (const answer of [...open, ask()]) await expect(answer).rejects.toMatchObject({ code: 'disconnected' });
  expect(clock.waiting).toBe(0);
});

it('starts anew after the last id, and skips ids in flight', () => {
  const { requests, sent, ask } = setup({ lastId: 3 });
  void ask();
  void ask();
  void ask();
  requests.answer(2, 1, 'b');
  void ask();
  expect(sent).toEqual([1, 2, 3, 2]);
});
