import type { Stream } from '@libp2p/interface';
import { describe, expect, it } from 'vitest';
import { StreamReader } from './stream-reader.ts';

/** As much of a libp2p stream as the reader sees. */
class FakeStream extends EventTarget {
  status = 'open';
  remoteWriteStatus = 'writable';
  readBufferLength = 0;
  maxReadBufferLength = 0;
  aborted: Error | undefined;

  abort(error: Error): void {
    this.aborted = error;
  }

  data(...bytes: number[]): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: Uint8Array.from(bytes) }));
  }

  end(): void {
    this.remoteWriteStatus = 'closed';
    this.dispatchEvent(new Event('end'));
  }

  reset(): void {
    this.dispatchEvent(Object.assign(new Event('close'), { error: new Error('reset') }));
  }
}

function reader(maxBuffered = 100): { stream: FakeStream; reader: StreamReader } {
  const stream = new FakeStream();
  return { stream, reader: new StreamReader(stream as unknown as Stream, maxBuffered) };
}

describe('StreamReader', () => {
  it('reads exact numbers of bytes across chunks', async () => {
    const { stream, reader: r } = reader();
    const first = r.read(3);
    stream.data(1, 2);
    stream.data(3, 4, 5);
    expect(await first).toEqual(Uint8Array.of(1, 2, 3));
    expect(await r.read(0)).toEqual(new Uint8Array());
    expect(await r.read(2)).toEqual(Uint8Array.of(4, 5));
  });

  it('gives what came before the end, then says that it ended', async () => {
    const { stream, reader: r } = reader();
    stream.data(1, 2);
    stream.end();
    expect(r.finished).toBe(false);
    expect(await r.read(1)).toEqual(Uint8Array.of(1));
    await expect(r.read(2)).rejects.toMatchObject({ name: 'StreamError', code: 'ended' });
    await r.read(1);
    expect(r.finished).toBe(true);
  });

  it('sees an end that came before it, and surplus pushed back after it', async () => {
    const stream = new FakeStream();
    stream.end();
    await expect(new StreamReader(stream as unknown as Stream, 10).read(1)).rejects.toMatchObject({ code: 'ended' });
    const late = new FakeStream();
    late.remoteWriteStatus = 'closed';
    late.readBufferLength = 2;
    const r = new StreamReader(late as unknown as Stream, 10);
    late.dispatchEvent(new Event('end'));
    late.readBufferLength = 0;
    late.data(7, 8);
    expect(await r.read(2)).toEqual(Uint8Array.of(7, 8));
    await expect(r.read(1)).rejects.toMatchObject({ code: 'ended' });
  });

  it('fails on reset, on too much, and on abort', async () => {
    const broken = reader();
    const read = broken.reader.read(1);
    broken.stream.reset();
    await expect(read).rejects.toMatchObject({ code: 'reset' });

    const flooded = reader(4);
    flooded.stream.data(1, 2, 3, 4, 5);
    await expect(flooded.reader.read(5)).rejects.toMatchObject({ code: 'too-large' });
    await Promise.resolve();
    expect(flooded.stream.aborted).toMatchObject({ code: 'too-large' });

    const controller = new AbortController();
    const waiting = reader().reader.read(1, controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
