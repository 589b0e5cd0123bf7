import { describe, expect, it } from 'vitest';
import { PortCalls } from './port-calls.ts';
import { ProviderError } from './provider-error.ts';

function port() {
  const sent: unknown[] = [];
  return { sent, postMessage: (message: unknown) => void sent.push(message) };
}

describe('requests over a port', () => {
  it('waits for a port, and gets results and errors', async () => {
    const calls = new PortCalls();
    const [first, second] = [calls.request('getHead', undefined), calls.request('sign', { message: 'm' })];
    const to = port();
    calls.connect(to);
    expect(to.sent).toMatchObject([{ id: 1, method: 'getHead' }, { id: 2, method: 'sign', params: { message: 'm' } }]);
    expect(calls.answer(2, { error: { code: 4001, message: 'closed', data: { reason: 'closed' } } })).toBe(true);
    expect(calls.answer(1, { result: 5 })).toBe(true);
    expect(await first).toBe(5);
    await expect(second).rejects.toMatchObject({ name: 'ProviderError', code: 4001, data: { reason: 'closed' } });
    expect(calls.answer(1, { result: 6 })).toBe(false);
    expect(calls.answer('1', { result: 6 })).toBe(false);
  });

  it('fails open requests with 4900 when the port is gone', async () => {
    const calls = new PortCalls();
    calls.connect(port());
    const open = calls.request('getHead', undefined);
    calls.disconnect('reloaded');
    await expect(open).rejects.toMatchObject({ code: 4900, data: { reason: 'reloaded' } });
  });

  it('tells the frame of an aborted request, and rejects with the reason', async () => {
    const calls = new PortCalls();
    const to = port();
    calls.connect(to);
    const abort = new AbortController();
    const open = calls.request('getHead', undefined, abort.signal);
    abort.abort(new Error('no longer wanted'));
    await expect(open).rejects.toThrow('no longer wanted');
    expect(to.sent.at(-1)).toEqual({ abort: 1 });
    await expect(calls.request('getHead', undefined, abort.signal)).rejects.toThrow('no longer wanted');
  });

  it('sends no more than plain data, and no more than 32 at once', async () => {
    const calls = new PortCalls();
    await expect(calls.request('sign', { message: () => 1 })).rejects.toMatchObject({ code: -32602, data: { reason: 'not-plain' } });
    const open = Array.from({ length: 32 }, () => calls.request('getHead', undefined));
    await expect(calls.request('getHead', undefined)).rejects.toMatchObject({ code: -32005, data: { reason: 'busy' } });
    calls.disconnect('removed');
    expect((await Promise.allSettled(open)).every(({ status }) => status === 'rejected')).toBe(true);
  });

  it('makes an error of whatever the frame sends as one', async () => {
    const calls = new PortCalls();
    let id = 0;
    for (const error of [undefined, 'text', { code: 'x' }, { data: 5 }]) {
      const open = calls.request('getHead', undefined);
      calls.answer((id += 1), { error });
      await expect(open).rejects.toBeInstanceOf(ProviderError);
    }
  });
});
