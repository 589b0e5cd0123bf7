import { afterEach, describe, expect, it } from 'vitest';
import { codes, ProviderError } from '../widget/provider-error.ts';
import { PortServer, type PortServerOptions } from './port-server.ts';

const opened: MessagePort[] = [];
afterEach(() => opened.splice(0).forEach((port) => port.close()));

/** A host that talks to the server. `reply` resolves with what the server sends next. */
function setUp(handle: PortServerOptions['handle']) {
  const { port1, port2 } = new MessageChannel();
  opened.push(port1, port2);
  const time = { now: 0 };
  const changed: unknown[] = [];
  const counts: number[] = [];
  const server = new PortServer(port2, { handle, onOptions: (options) => changed.push(options), onOpen: (open) => counts.push(open), now: () => time.now });
  const replies: unknown[] = [];
  port1.addEventListener('message', ({ data }) => replies.push(data));
  port1.start();
  server.start(1);
  const say = (message: unknown) => port1.postMessage(message, []);
  return { server, say, replies, time, changed, counts };
}

describe('the frame’s end of the port', () => {
  it('answers with results, with errors, and with no word of other errors', async () => {
    const { say, replies, counts } = setUp(async (method, params) => {
      if (method === 'refuse') throw new ProviderError(codes.rejected, 'closed');
      if (method === 'break') throw new Error('a secret of the frame');
      return [method, params];
    });
    say({ id: 1, method: 'getHead', params: { a: 1 } });
    say({ id: 2, method: 'refuse' });
    say({ id: 3, method: 'break' });
    await expect.poll(() => replies.length).toBe(4);
    expect(replies).toEqual([
      { ready: 1 },
      { id: 1, result: ['getHead', { a: 1 }] },
      { id: 2, error: { code: 4001, message: 'closed', data: { reason: 'closed' } } },
      { id: 3, error: { code: -32603, message: 'failed', data: { reason: 'failed' } } },
    ]);
    expect(counts.at(-1)).toBe(0);
  });

  it('takes 20 messages a second, answers the others with busy, and reads nothing of them', async () => {
    let handled = 0;
    const { say, replies, time } = setUp(async () => (handled += 1));
    for (let id = 1; id <= 1000; id++) say({ id, method: 'getHead' });
    await expect.poll(() => replies.length).toBe(1001);
    expect(handled).toBe(20);
    expect(replies.filter((reply) => (reply as { error?: { code: number; data: { reason: string } } }).error?.data.reason === 'busy')).toHaveLength(980);
    time.now += 500;
    for (let id = 2001; id <= 2100; id++) say({ id, method: 'getHead' });
    await expect.poll(() => replies.length).toBe(1101);
    expect(handled).toBe(30);
  });

  it('has at most 32 open', async () => {
    const { say, replies, time } = setUp(() => new Promise(() => undefined));
    for (let id = 1; id <= 40; id++) {
      time.now += 1000;
      say({ id, method: 'sign' });
    }
    // The clock has run far ahead of the messages, so the bucket is full for each of the first 20 only; a second later it is full again.
    await expect.poll(() => replies.length).toBeGreaterThan(1);
    time.now += 1000;
    for (let id = 41; id <= 60; id++) say({ id, method: 'sign' });
    await expect.poll(() => replies.length).toBe(1 + 20 + 8);
  });

  it('ignores and counts what is no message, and answers what cannot be read if it has an id', async () => {
    const { server, say, replies, changed } = setUp(() => new Promise(() => undefined));
    say('text');
    say(null);
    say({ id: 'x', method: 'getHead' });
    say({ id: 1, method: 5 });
    say({ id: 2, method: 'sign', params: { big: 'x'.repeat(40_000) } });
    say(Object.assign(JSON.parse('{"__proto__": 1}') as object, { id: 3, method: 'sign' }));
    say({ id: 4, method: 'sign' });
    say({ id: 4, method: 'sign' });
    say({ options: { view: 'pay' } });
    await expect.poll(() => changed).toEqual([{ view: 'pay' }]);
    expect(server.ignored).toBe(5);
    expect(replies.slice(1)).toMatchObject([{ id: 2, error: { code: -32602, data: { reason: 'not-plain' } } }, { id: 3, error: { code: -32602 } }]);
  });

  it('ends a request that the host takes back, without an answer', async () => {
    let ended = false;
    const { say, replies } = setUp((_, __, signal) => new Promise((___, reject) => signal.addEventListener('abort', () => {
      ended = true;
      reject(new Error('aborted'));
    })));
    say({ id: 1, method: 'sign' });
    say({ abort: 1 });
    await expect.poll(() => ended).toBe(true);
    expect(replies).toEqual([{ ready: 1 }]);
  });
});
