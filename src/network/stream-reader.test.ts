import type { Stream } from '@libp2p/interface';
import { describe, expect, it } from 'vitest';
import { StreamReader } from './stream-reader.ts';

/** The part of a libp2p stream that the reader uses. */
class FakeStream extends EventTarget {
  status = 'open';
  remoteWriteStatus = 'writable';
  readBufferLength = 0;
  maxReadBufferLength = 0;
  readStatus = 'readable';
  readonly #held: number[] = [];
  aborted: Error | undefined;

  abort(error: Error): void {
    this.aborted = error;
  }

  pause(): void {
    this.readStatus = 'paused';
  }

  resume(): void {
    this.readStatus = 'readable';
    this.data(...this.#held.splice(0));
  }

  data(...bytes: number[]): void {
    if (this.readStatus === 'paused') this.#held.push(...bytes);
    else this.dispatchEvent(Object.assign(new Event('message'), { data: Uint8Array.from(bytes) }));
  }

  end(): void {
    this.remoteWriteStatus = 'closed';
    this.dispatchEvent(new Event('end'));
  }

  reset(): void {
    this.dispatchEvent(Object.assign(new Event('close'), { error: new Error('reset') }));
  }
}

function reader(maxBuffered = 100, options?: { readonly holdUp: boolean }): { stream: FakeStream; reader: StreamReader } {
  const stream = new FakeStream();
  return { stream, reader: new StreamReader(stream as unknown as Stream, maxBuffered, options) };
}

describe('StreamReader', () => {
  it('on request pauses the other side instead of ending the stream', async () => {
    const { stream, reader: r } = reader(3, { holdUp: true });
    stream.data(1, 2, 3);
    expect(stream.readStatus).toBe('readable');
    stream.data(4);
    expect(stream.readStatus).toBe('paused');
    stream.data(5, 6, 7, 8, 9);
    expect(await r.read(2)).toEqual(Uint8Array.of(1, 2));
    expect(stream.readStatus).toBe('paused');
    expect(await r.read(3)).toEqual(Uint8Array.of(3, 4, 5));
    // The waiting bytes arrived at once, and exceed the bound again.
    expect(stream.readStatus).toBe('paused');
    expect(await r.read(4)).toEqual(Uint8Array.of(6, 7, 8, 9));
    const more = r.read(1);
    expect(stream.readStatus).toBe('readable');
    stream.data(10);
    expect(await more).toEqual(Uint8Array.of(10));
    expect(stream.aborted).toBeUndefined();
  });

  it('skips bytes', async () => {
    const { stream, reader: r } = reader(100_000);
    const skipped = r.discard(150_000);
    for (let n = 0; n < 15; n++) {
      stream.data(...new Uint8Array(10_000));
      await Promise.resolve();
      await Promise.resolve();
    }
    stream.data(7);
    await skipped;
    expect(await r.read(1)).toEqual(Uint8Array.of(7));
    await r.discard(0);
    stream.end();
    await expect(r.discard(1)).rejects.toMatchObject({ code: 'ended' });
  });

  it('reads exact numbers of bytes across chunks', async () => {
    const { stream, reader: r } = reader();
    const first = r.read(3);
    stream.data(1, 2);
    stream.data(3, 4, 5);
    expect(await first).toEqual(Uint8Array.of(1, 2, 3));
    expect(await r.read(0)).toEqual(new Uint8Array());
    expect(await r.read(2)).toEqual(Uint8Array.of(4, 5));
  });

  it('returns the bytes before the end, then reports the end', async () => {
    const { stream, reader: r } = reader();
    stream.data(1, 2);
    stream.end();
    expect(r.finished).toBe(false);
    expect(await r.read(1)).toEqual(Uint8Array.of(1));
    await expect(r.read(2)).rejects.toMatchObject({ name: 'StreamError', code: 'ended' });
    await r.read(1);
    expect(r.finished).toBe(true);
  });

  it('notices an end that came before it, and surplus bytes pushed back after it', async () => {
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

  it('fails on reset, on too many bytes, and on abort', async () => {
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
