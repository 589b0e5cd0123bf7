import { describe, expect, it } from 'vitest';
import { encodeFrame, FLAG, FRAME, joined } from '../../test/attacks/yamux-frames.ts';
import { SettlingClock } from '../../test/support/settling-clock.ts';
import { MAX_WINDOW, YamuxGuard } from './yamux-guard.ts';

/** A guard for a connection with these streams. */
function guarded(streams: { streamId: number; protocol: string }[] = []): { clock: SettlingClock; take: (bytes: Uint8Array) => number[][] } {
  const clock = new SettlingClock();
  const guard = new YamuxGuard(clock, () => streams);
  return { clock, take: (bytes) => Array.from(guard.take(bytes), (piece) => [...piece]) };
}

const open = (stream: number) => encodeFrame({ type: FRAME.windowUpdate, flag: FLAG.syn, stream });
const data = (stream: number, ...body: number[]) => encodeFrame({ type: FRAME.data, stream, body: Uint8Array.from(body) });

describe('the guard of a yamux connection (issue 11.12)', () => {
  it('passes on the same bytes in whole frames, however they arrive', () => {
    const bytes = joined([open(1), data(1, 1, 2, 3), encodeFrame({ type: FRAME.ping, flag: FLAG.syn }), data(1), data(1, ...Array.from({ length: 100 }, (_, i) => i))]);
    for (const size of [1, 5, 12, 13, 40, bytes.length]) {
      const { take } = guarded();
      const pieces: number[][] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(...take(bytes.subarray(at, at + size)));
      expect(pieces.flat()).toEqual([...bytes]);
      for (const piece of pieces) {
        for (let at = 0; at < piece.length; at += 12 + (piece[at + 1] === FRAME.data ? piece[at + 11]! : 0)) expect(piece.length - at).toBeGreaterThanOrEqual(12);
      }
    }
  });

  it('issue 11: no piece has more than 128 frames, because each piece is handled in one task', () => {
    const pieces = guarded([{ streamId: 1, protocol: '/x' }]).take(joined(Array.from({ length: 300 }, () => data(1, 1, 2, 3))));
    expect(pieces.map(({ length }) => length / 15)).toEqual([128, 128, 44]);
  });

  it('closes it for a frame longer than any window, before its bytes arrive', () => {
    expect(guarded().take(encodeFrame({ type: FRAME.data, stream: 1, length: MAX_WINDOW }))).toEqual([]);
    expect(() => guarded().take(encodeFrame({ type: FRAME.data, stream: 1, length: MAX_WINDOW + 1 }))).toThrowError(expect.objectContaining({ code: 'frame-too-long' }));
    // A window update's length field is not the length of a frame.
    expect(guarded().take(encodeFrame({ type: FRAME.windowUpdate, stream: 1, length: 0xffff_ffff }))).toHaveLength(1);
  });

  it.each([
    ['streams', 2000, 'too-many-streams', (i: number) => open(2 * i + 2)],
    ['windows', 20_000, 'too-many-frames', () => encodeFrame({ type: FRAME.windowUpdate, stream: 1, length: 1 })],
    ['pieces of no stream', 20_000, 'too-many-frames', () => data(99, 1)],
    ['pings', 64, 'too-many-pings', (i: number) => encodeFrame({ type: FRAME.ping, flag: FLAG.syn, length: i })],
  ] as const)('allows this many %s in ten seconds', async (_, limit, code, frame) => {
    const { clock, take } = guarded();
    const many = joined(Array.from({ length: limit }, (_unused, i) => frame(i)));
    take(many);
    await clock.advance(10_000);
    take(many);
    expect(() => take(frame(limit))).toThrowError(expect.objectContaining({ code }));
  });

  it('closes it for endless pieces of a few bytes on one stream, and not for short messages', () => {
    const { take } = guarded([{ streamId: 1, protocol: '/meshsub/1.1.0' }, { streamId: 3, protocol: '/meshsub/1.1.0' }]);
    for (let i = 0; i < 20_000; i++) take(data(3, 1, 2, 3, 4, 5, 6, 7, 8));
    for (let i = 0; i < 4095; i++) take(data(1, 1));
    expect(() => take(data(1, 1))).toThrowError(expect.objectContaining({ code: 'tiny-frames' }));
  });

  it('closes it for bytes that wait on streams without a protocol; streams that have one since then do not count', () => {
    const streams = Array.from({ length: 8 }, (_, i) => ({ streamId: 2 * i + 1, protocol: '' }));
    const { take } = guarded(streams);
    const half = new Uint8Array(500_000);
    const fill = (stream: number) => take(encodeFrame({ type: FRAME.data, stream, body: half }));
    for (const { streamId } of streams.slice(0, 4)) fill(streamId);
    for (const stream of streams.slice(0, 4)) stream.protocol = '/nimiq/reqres/0.0.1';
    for (const { streamId } of streams.slice(4)) fill(streamId);
    expect(() => fill(streams[7]!.streamId)).toThrowError(expect.objectContaining({ code: 'too-much-undecided' }));
  });
});
