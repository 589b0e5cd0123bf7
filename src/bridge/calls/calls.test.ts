import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_CALLS_PER_TAB } from './call-answer.ts';
import { openCalls } from './call-client.ts';
import { serveCalls } from './call-server.ts';
import { ClientError } from '../errors.ts';
import type { CallHandler } from './hub-api.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

function connect(methods: Record<string, CallHandler>) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const hubClock = new ManualClock();
  const pageClock = new ManualClock();
  return { port: port1, hubClock, pageClock, server: serveCalls(port2, new Map(Object.entries(methods)), hubClock), client: openCalls(port1, pageClock) };
}

/** A handler that never answers, and records the signals of its calls. */
function hanging() {
  const signals: AbortSignal[] = [];
  const handler: CallHandler = (_, signal) => {
    signals.push(signal);
    return new Promise(() => {});
  };
  return { signals, handler };
}

describe('calls', () => {
  it('carry arguments to the hub and results back', async () => {
    const { client } = connect({ add: async ([a, b]) => (a as number) + (b as number) });
    expect(await client.call('add', [2, 3])).toBe(5);
  });

  it('carry coded errors back', async () => {
    const { client } = connect({
      fail: async () => {
        throw Object.assign(new Error('no room'), { name: 'StorageError', code: 'quota' });
      },
    });
    await expect(client.call('fail', [])).rejects.toMatchObject({ name: 'HubError', source: 'StorageError', code: 'quota', message: 'no room' });
  });

  it('reach only the listed methods', async () => {
    const { client } = connect({ getStatus: async () => 1 });
    for (const method of ['toString', 'constructor', '__proto__', 'nothing']) {
      await expect(client.call(method, [])).rejects.toMatchObject({ name: 'CallError', code: 'unknown-method' });
    }
  });

  it('ignore all other kinds of comlink messages', async () => {
    const { port, client, server } = connect({ ok: async () => 1 });
    const answers: unknown[] = [];
    port.addEventListener('message', (event) => answers.push(event.data));
    for (const message of [
      { id: 'a', type: 'GET', path: ['call'] },
      { id: 'b', type: 'SET', path: ['call'], value: { type: 'RAW', value: 1 } },
      { id: 'c', type: 'APPLY', path: ['call', 'constructor'], argumentList: [] },
      { id: 'd', type: 'APPLY', path: ['constructor'], argumentList: [] },
      { id: 'e', type: 'ENDPOINT' },
      { id: 'f', type: 'APPLY', path: ['call'], argumentList: [{ type: 'HANDLER', name: 'throw', value: {} }] },
      null,
      'x',
    ]) {
      port.postMessage(message);
    }
    expect(await client.call('ok', [])).toBe(1);
    expect(answers).toHaveLength(1);
    expect(server.inFlight).toBe(0);
  });

  it('end at their deadline in the hub, even if the handler ignores it', async () => {
    const { signals, handler } = hanging();
    const { client, hubClock, server } = connect({ hang: handler });
    const call = client.call('hang', [], { timeout: 5_000 });
    call.catch(() => undefined);
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    hubClock.advance(5_000);
    await expect(call).rejects.toMatchObject({ name: 'CallError', code: 'deadline', data: { timeout: 5_000 } });
    expect(signals[0]?.aborted).toBe(true);
    expect(server.inFlight).toBe(0);
  });

  it('end at their deadline in the page if the hub is gone', async () => {
    const { client, server, pageClock } = connect({});
    server.close();
    const call = client.call('hang', [], { timeout: 5_000 });
    pageClock.advance(6_000);
    await expect(call).rejects.toMatchObject({ name: 'CallError', code: 'deadline' });
    expect(pageClock.waiting).toBe(0);
  });

  it('end when aborted, on both sides', async () => {
    const { signals, handler } = hanging();
    const { client, server } = connect({ hang: handler });
    const controller = new AbortController();
    const call = client.call('hang', [], { signal: controller.signal });
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    controller.abort(new Error('changed my mind'));
    await expect(call).rejects.toThrow('changed my mind');
    await vi.waitFor(() => expect(server.inFlight).toBe(0));
    expect(signals[0]?.reason).toMatchObject({ code: 'aborted' });
    await expect(client.call('hang', [], { signal: controller.signal })).rejects.toThrow('changed my mind');
  });

  it('are bounded in the page', async () => {
    const { client } = connect({ hang: hanging().handler });
    for (let i = 0; i < MAX_CALLS_PER_TAB; i++) client.call('hang', []).catch(() => undefined);
    await expect(client.call('hang', [])).rejects.toMatchObject({ name: 'CallError', code: 'busy', data: { limit: MAX_CALLS_PER_TAB } });
    client.close(new ClientError('closed'));
  });

  it('are bounded in the hub, even if the page ignores its own bound', async () => {
    const { signals, handler } = hanging();
    const { port, client, server } = connect({ hang: handler });
    for (let id = 1001; id <= 1000 + MAX_CALLS_PER_TAB; id++) {
      port.postMessage({ id: `r${id}`, type: 'APPLY', path: ['call'], argumentList: [id, 'hang', [], 1e9].map((value) => ({ type: 'RAW', value })) });
    }
    await vi.waitFor(() => expect(signals).toHaveLength(MAX_CALLS_PER_TAB));
    await expect(client.call('hang', [])).rejects.toMatchObject({ name: 'CallError', code: 'busy' });
    server.close();
    expect(signals.every((signal) => signal.aborted)).toBe(true);
  });

  it('reject a result that cannot be cloned, instead of hanging', async () => {
    const { client } = connect({ odd: async () => () => 1 });
    await expect(client.call('odd', [])).rejects.toMatchObject({ name: 'CallError', code: 'unclonable' });
    await expect(client.call('odd', [() => 1])).rejects.toMatchObject({ name: 'CallError', code: 'unclonable' });
  });

  it('under way are rejected when the page closes', async () => {
    const { client, pageClock } = connect({ hang: hanging().handler });
    const call = client.call('hang', []);
    client.close(new ClientError('closed'));
    await expect(call).rejects.toMatchObject({ name: 'ClientError', code: 'closed' });
    await expect(client.call('hang', [])).rejects.toMatchObject({ name: 'ClientError', code: 'closed' });
    expect(pageClock.waiting).toBe(0);
  });
});
