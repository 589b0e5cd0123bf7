import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_CHANNEL_MESSAGE, openChannelPort, pumpChannel, type ChannelPort, type DataChannel } from './channel-port.ts';

const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

/** A data channel whose network the test controls. */
class FakeChannel extends EventTarget implements DataChannel {
  readyState = 'connecting';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType = 'blob';
  readonly sent: Uint8Array[] = [];
  closes = 0;
  send(bytes: Uint8Array): void {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    this.sent.push(bytes);
    this.bufferedAmount += bytes.length;
  }
  close(): void {
    this.closes++;
    this.readyState = 'closed';
  }
  open(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }
  receive(data: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
  /** Simulates that the network has sent everything. */
  drain(): void {
    this.bufferedAmount = 0;
    this.dispatchEvent(new Event('bufferedamountlow'));
  }
}

function setUp() {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const channel = new FakeChannel();
  const end = pumpChannel(channel, port1);
  const port = openChannelPort(port2);
  const handlers = { message: vi.fn<(bytes: Uint8Array) => void>(), drain: vi.fn<() => void>(), closed: vi.fn<(code: string) => void>() };
  return { channel, end, port, handlers };
}

/** Sends until there is no room; returns the number of bytes accepted. */
function fill(port: ChannelPort): number {
  for (let bytes = MAX_CHANNEL_MESSAGE; ; bytes += MAX_CHANNEL_MESSAGE) if (!port.send(new Uint8Array(MAX_CHANNEL_MESSAGE))) return bytes;
}

const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('a channel over a port', () => {
  it('moves bytes both ways, unchanged and in order', async () => {
    const { channel, port, handlers } = setUp();
    channel.open();
    await port.opened;
    port.listen(handlers);
    port.send(Uint8Array.of(1, 2));
    port.send(Uint8Array.of(3));
    await vi.waitFor(() => expect(channel.sent.map((bytes) => [...bytes])).toEqual([[1, 2], [3]]));
    channel.receive(Uint8Array.of(4, 5).buffer);
    channel.receive(Uint8Array.of(6).buffer);
    await vi.waitFor(() => expect(handlers.message.mock.calls.map(([bytes]) => [...bytes])).toEqual([[4, 5], [6]]));
    expect(channel.binaryType).toBe('arraybuffer');
  });

  it('keeps what arrives before there is a listener, and what is sent before it is open', async () => {
    const { channel, port, handlers } = setUp();
    port.send(Uint8Array.of(9));
    await turns();
    expect(channel.sent).toEqual([]);
    channel.open();
    await port.opened;
    await vi.waitFor(() => expect(channel.sent).toHaveLength(1));
    channel.receive(Uint8Array.of(7).buffer);
    await turns();
    port.listen(handlers);
    expect(handlers.message).toHaveBeenCalledWith(Uint8Array.of(7));
  });

  it('makes the sender wait while the network accepts nothing, and tells it when there is room', async () => {
    const { channel, port, handlers } = setUp();
    channel.open();
    await port.opened;
    port.listen(handlers);
    let taken = 0;
    for (let full = false; !full; ) {
      taken += fill(port);
      // While the browser's own buffer takes the bytes, the window advances.
      await turns();
      full = handlers.drain.mock.calls.length === 0;
      handlers.drain.mockClear();
      expect(taken).toBeLessThan(2_000_000);
    }
    expect(channel.bufferedAmount).toBeLessThanOrEqual(262_144 + MAX_CHANNEL_MESSAGE);
    channel.drain();
    await vi.waitFor(() => expect(handlers.drain).toHaveBeenCalled());
  });

  it('ends a channel whose sender ignores that the network accepts nothing', async () => {
    const { channel, port, handlers } = setUp();
    channel.open();
    await port.opened;
    for (let i = 0; i < 513; i++) channel.receive(new ArrayBuffer(MAX_CHANNEL_MESSAGE));
    expect(channel.closes).toBe(1);
    port.listen(handlers);
    await vi.waitFor(() => expect(handlers.closed).toHaveBeenCalledWith('overflow'));
  });

  it.each([['text', 'hello'], ['too much', new ArrayBuffer(MAX_CHANNEL_MESSAGE + 1)], ['a blob', {}]])('ends a channel that sends %s', async (_, data) => {
    const { channel, port, handlers } = setUp();
    channel.open();
    port.listen(handlers);
    channel.receive(data);
    await vi.waitFor(() => expect(handlers.closed).toHaveBeenCalledWith('malformed'));
    expect(channel.closes).toBe(1);
  });

  it('ends once, from either side', async () => {
    const one = setUp();
    one.channel.open();
    one.port.listen(one.handlers);
    one.channel.dispatchEvent(new Event('close'));
    one.channel.dispatchEvent(new Event('error'));
    await vi.waitFor(() => expect(one.handlers.closed.mock.calls).toEqual([['remote-closed']]));
    expect(one.port.send(Uint8Array.of(1))).toBe(false);

    const two = setUp();
    two.channel.open();
    two.port.listen(two.handlers);
    two.port.close();
    expect(two.handlers.closed.mock.calls).toEqual([['closed']]);
    await vi.waitFor(() => expect(two.channel.closes).toBe(1));

    const three = setUp();
    three.end();
    await expect(three.port.opened).rejects.toThrow('closed');
    const late = vi.fn<(code: string) => void>();
    three.port.listen({ ...three.handlers, closed: late });
    expect(late).toHaveBeenCalledWith('closed');
  });
});
