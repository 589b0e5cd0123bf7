import { afterEach, describe, expect, it } from 'vitest';
import { FrameLink, type LinkOptions } from './frame-link.ts';

const origin = 'https://widget.example';
const nonce = '0123456789abcdef'.repeat(2);

/** The window of a frame, and what was posted to it. */
class FakeFrame {
  readonly posted: { data: unknown; origin: string; port: MessagePort }[] = [];
  postMessage(data: unknown, target: string, [port]: [MessagePort]) {
    this.posted.push({ data, origin: target, port });
    ports.push(port);
  }
}
const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

function linkTo(frame: FakeFrame, more: Partial<LinkOptions> = {}) {
  const told: unknown[] = [];
  const link = new FrameLink({
    frame: () => frame,
    origin,
    options: () => ({ view: 'status' }),
    onReady: (version) => told.push(['ready', version]),
    onRefused: (reason) => told.push(['refused', reason]),
    onEvent: (event, data) => told.push([event, data]),
    ...more,
  });
  const hello = (data: unknown = { petrel: 1, hello: nonce }, from: unknown = frame, of = origin) => link.receive({ data, origin: of, source: from as Window });
  return { link, told, hello };
}

const next = (port: MessagePort) => new Promise<unknown>((resolve) => port.addEventListener('message', ({ data }) => resolve(data), { once: true }));

describe('the element’s end of the handshake', () => {
  it('hands a port to the frame alone, with the origin of the frame as the target', async () => {
    const frame = new FakeFrame();
    const { link, told, hello } = linkTo(frame);
    hello();
    const [{ data, origin: target, port }] = frame.posted as [(typeof frame.posted)[0]];
    expect(target).toBe(origin);
    expect(data).toEqual({ petrel: 1, nonce, versions: [1], options: { view: 'status' } });
    const request = link.calls.request('getHead', undefined);
    const first = next(port);
    port.start();
    port.postMessage({ ready: 1 }, []);
    expect(await first).toMatchObject({ id: 1, method: 'getHead' });
    port.postMessage({ event: 'status', data: { phase: 'established' } });
    port.postMessage({ id: 1, result: 7 });
    expect(await request).toBe(7);
    expect(told).toEqual([['ready', 1], ['status', expect.objectContaining({ phase: 'established' })]]);
    expect(link.ignored).toBe(0);
  });

  it('ignores and counts what comes from another origin or window, or is no hello', () => {
    const frame = new FakeFrame();
    const { link, hello } = linkTo(frame);
    hello(undefined, frame, 'https://evil.example');
    hello(undefined, new FakeFrame());
    hello(undefined, null);
    hello({ petrel: 1, hello: 'short' });
    hello({ petrel: 2, hello: nonce });
    hello({ petrel: 1, hello: { length: 32 } });
    hello('text');
    expect(link.ignored).toBe(7);
    // Other software of the host.
    hello({ type: 'other' }, new FakeFrame(), 'https://other.example');
    expect(link.ignored).toBe(7);
    expect(frame.posted).toEqual([]);
  });

  it('gives a reloaded frame a new port; what was open fails with 4900, and the old port is not heard', async () => {
    const frame = new FakeFrame();
    const { link, told, hello } = linkTo(frame);
    hello();
    frame.posted[0]!.port.postMessage({ ready: 1 }, []);
    await expect.poll(() => told.length).toBe(1);
    const open = link.calls.request('getHead', undefined);
    hello({ petrel: 1, hello: 'f'.repeat(32) });
    await expect(open).rejects.toMatchObject({ code: 4900, data: { reason: 'reloaded' } });
    const again = frame.posted[1]!.port;
    const request = link.calls.request('getTrust', undefined);
    const asked = next(again);
    again.start();
    again.postMessage({ ready: 1 }, []);
    expect(await asked).toMatchObject({ method: 'getTrust' });
    link.close('destroyed');
    await expect(request).rejects.toMatchObject({ code: 4900, data: { reason: 'destroyed' } });
  });

  it('says that the frame speaks no common version, and fails what waits', async () => {
    const frame = new FakeFrame();
    const { link, told, hello } = linkTo(frame, { versions: [9] });
    const waiting = link.calls.request('getHead', undefined);
    hello();
    expect(frame.posted[0]!.data).toMatchObject({ versions: [9] });
    frame.posted[0]!.port.postMessage({ refused: 'version' }, []);
    await expect(waiting).rejects.toMatchObject({ code: 4900, data: { reason: 'version' } });
    expect(told).toEqual([['refused', 'version']]);
  });

  it('counts messages of no known form', async () => {
    const frame = new FakeFrame();
    const { link, told, hello } = linkTo(frame);
    hello();
    const { port } = frame.posted[0]!;
    for (const message of ['text', null, { event: 'unknown' }, { id: 99, result: 1 }, { event: 'status', data: new Map() }]) port.postMessage(message, []);
    await expect.poll(() => link.ignored).toBe(5);
    expect(told).toEqual([]);
    link.close('removed');
  });

  it('tells changed options', async () => {
    const frame = new FakeFrame();
    let view = 'status';
    const { link, hello } = linkTo(frame, { options: () => ({ view }) });
    hello();
    const { port } = frame.posted[0]!;
    const told = next(port);
    port.start();
    view = 'pay';
    link.update();
    expect(await told).toEqual({ options: { view: 'pay' } });
    link.close('removed');
  });
});
