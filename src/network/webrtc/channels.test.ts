import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, MAX_FRAME_DATA } from './channel-frames.ts';
import type { ChannelFrame } from './channel-frames.ts';
import { Channels } from './channels.ts';
import type { DataChannel } from './data-channel.ts';
import { MAX_RTC_MESSAGE } from '../../engine/rtc-host.ts';
import type { RtcChannel, RtcChannelHandlers, RtcErrorCode } from '../../engine/rtc-host.ts';

/** One end of a real channel, whose other end is the test. */
class Wire implements RtcChannel {
  readonly sent: Uint8Array[] = [];
  handlers: RtcChannelHandlers | undefined;
  closes = 0;
  full = false;
  onSend: (bytes: Uint8Array) => void = () => undefined;

  send(bytes: Uint8Array): boolean {
    if (bytes.length > MAX_RTC_MESSAGE) throw new RangeError(`a message of ${bytes.length} bytes`);
    this.sent.push(bytes);
    this.onSend(bytes);
    return !this.full;
  }

  listen(handlers: RtcChannelHandlers): void {
    this.handlers = handlers;
  }

  close(): void {
    this.closes++;
  }

  /** Delivers a frame. */
  receive(frame: ChannelFrame | Uint8Array): void {
    this.handlers?.message(frame instanceof Uint8Array ? frame : encodeFrame(frame));
  }
}

function setUp(even = true) {
  const wire = new Wire();
  const theirs: DataChannel[] = [];
  const ends: RtcErrorCode[] = [];
  const channels = new Channels({ even, onChannel: (channel) => theirs.push(channel), onEnd: (code) => ends.push(code) });
  return { wire, theirs, ends, channels };
}

/** Two joined ends; each receives at once what the other sends. */
function pair() {
  const [left, right] = [setUp(true), setUp(false)];
  left.wire.onSend = (bytes) => right.wire.receive(bytes);
  right.wire.onSend = (bytes) => left.wire.receive(bytes);
  right.channels.carry(right.wire);
  left.channels.carry(left.wire);
  return { left, right };
}

/** The events of a channel, in order. */
function heard(channel: DataChannel): string[] {
  const events: string[] = [];
  channel.addEventListener('message', (event) => events.push(Array.from(new Uint8Array((event as MessageEvent<ArrayBuffer>).data)).join()));
  for (const name of ['open', 'close', 'bufferedamountlow']) channel.addEventListener(name, () => events.push(name));
  return events;
}

/** A message as `@libp2p/webrtc` frames it. */
const message = (...bytes: number[]) => Uint8Array.of(bytes.length, ...bytes);
const turns = () => new Promise((resolve) => setTimeout(resolve, 0));

/** The maximum bytes of one frame, filled with messages of which none is too long. */
const block = () => new Uint8Array(MAX_FRAME_DATA);

describe('channels over one real channel', () => {
  it('open on the other side with their label, carry bytes both ways, and end after the last byte', async () => {
    const { left, right } = pair();
    const ours = left.channels.open('init');
    const [theirs] = right.theirs;
    expect(theirs).toMatchObject({ label: 'init', readyState: 'open' });
    const atTheirs = heard(theirs!);
    const atOurs = heard(ours);
    ours.send(message(1, 2));
    theirs!.send(message(3));
    ours.send(message(4));
    ours.close();
    expect(ours.readyState).toBe('closing');
    expect(atTheirs).toEqual(['2,1,2', '1,4', 'close']);
    await turns();
    expect(atOurs).toEqual(['1,3', 'close']);
    expect(ours.readyState).toBe('closed');
    expect(() => ours.send(message(5))).toThrow('closed');
  });

  it('that were opened before the real one open with it', () => {
    const { wire, channels } = setUp();
    const channel = channels.open('');
    const events = heard(channel);
    expect(channel.readyState).toBe('connecting');
    expect(() => channel.send(message(1))).toThrow('connecting');
    channels.carry(wire);
    expect(channel.readyState).toBe('open');
    expect(events).toEqual(['open']);
    expect(wire.sent).toEqual([encodeFrame({ kind: 'open', id: 0, label: '' })]);
  });

  it('that were opened and closed before it deliver their first and last message', async () => {
    const { wire, channels } = setUp();
    const channel = channels.open('');
    const events = heard(channel);
    channel.close();
    channels.carry(wire);
    await turns();
    expect(wire.sent).toEqual([encodeFrame({ kind: 'open', id: 0, label: '' }), encodeFrame({ kind: 'close', id: 0 })]);
    expect(events).toEqual(['close']);
  });

  it('take turns, wait while the real one is full or the other side reads nothing, and report when there is room', async () => {
    const { wire, channels } = setUp();
    channels.carry(wire);
    const [long, short] = [channels.open(''), channels.open('')];
    const events = heard(long);
    wire.full = true;
    wire.sent.length = 0;
    for (let i = 0; i < 3; i++) long.send(block());
    short.send(message(1));
    expect(wire.sent).toHaveLength(1);
    expect(long.bufferedAmount).toBe(2 * MAX_FRAME_DATA);
    wire.full = false;
    wire.handlers!.drain();
    const ids = wire.sent.map((bytes) => bytes[4]);
    expect(ids).toEqual([0, 0, 2, 0]);
    await turns();
    expect(events).toEqual(['bufferedamountlow']);

    // A full window of a megabyte, and one more message.
    for (let i = 0; i < 200; i++) long.send(block());
    const before = wire.sent.length;
    const inFlight = before * MAX_RTC_MESSAGE;
    expect(inFlight).toBeGreaterThan(1_000_000);
    expect(inFlight).toBeLessThan(1_200_000);
    wire.receive({ kind: 'taken', bytes: 10 * MAX_RTC_MESSAGE });
    expect(wire.sent.length - before).toBeGreaterThanOrEqual(9);
    expect(wire.sent.length - before).toBeLessThanOrEqual(11);
  });

  it('report how much was read, so that any amount gets through', async () => {
    const { left, right } = pair();
    const ours = left.channels.open('');
    let got = 0;
    right.theirs[0]!.addEventListener('message', (event) => (got += (event as MessageEvent<ArrayBuffer>).data.byteLength));
    for (let i = 0; i < 500; i++) ours.send(block());
    await turns();
    expect(got).toBe(500 * MAX_FRAME_DATA);
    expect(ours.bufferedAmount).toBe(0);
  });

  it('end with the real one, and the real one with them', async () => {
    const { wire, channels, ends } = setUp();
    channels.carry(wire);
    const channel = channels.open('');
    const events = heard(channel);
    wire.handlers!.closed('remote-closed');
    expect(events).toEqual(['close']);
    expect(ends).toEqual(['remote-closed']);
    expect(() => channels.open('')).toThrow('closed');
    const other = setUp();
    other.channels.carry(other.wire);
    other.channels.end('closed');
    expect(other.wire.closes).toBe(1);
  });
});

describe('a hostile other side', () => {
  const wrong: readonly (readonly [string, (ChannelFrame | Uint8Array)[]])[] = [
    ['a number of ours', [{ kind: 'open', id: 0, label: '' }]],
    ['a number twice', [{ kind: 'open', id: 3, label: '' }, { kind: 'open', id: 3, label: '' }]],
    ['a lower number', [{ kind: 'open', id: 3, label: '' }, { kind: 'open', id: 1, label: '' }]],
    ['a long label', [{ kind: 'open', id: 1, label: 'x'.repeat(33) }]],
    ['a label that is no text', [Uint8Array.of(0, 0, 0, 0, 1, 0xff)]],
    ['more taken than was sent', [{ kind: 'taken', bytes: 1 }]],
    ['taken of a stream', [Uint8Array.of(3, 0, 0, 0, 1, 0, 0, 0, 0)]],
    ['a close that says more', [Uint8Array.of(2, 0, 0, 0, 1, 1)]],
    ['an unknown kind', [Uint8Array.of(4, 0, 0, 0, 0)]],
    ['nothing', [new Uint8Array(0)]],
    ['a message that would be 16 385 bytes long', [{ kind: 'open', id: 1, label: '' }, { kind: 'data', id: 1, bytes: Uint8Array.of(0x81, 0x80, 0x01) }]],
    ['a length without end', [{ kind: 'open', id: 1, label: '' }, { kind: 'data', id: 1, bytes: Uint8Array.of(0x80, 0x80, 0x80) }]],
  ];
  it.each(wrong)('is cut off by %s', (_, frames) => {
    const { wire, channels, ends } = setUp();
    channels.carry(wire);
    for (const frame of frames) wire.receive(frame);
    expect(ends).toEqual(['malformed']);
    expect(wire.closes).toBe(1);
  });

  it('gets no more channels than it may have at once', () => {
    const { wire, channels, theirs, ends } = setUp();
    channels.carry(wire);
    for (let i = 0; i < 300; i++) wire.receive({ kind: 'open', id: 1 + 2 * i, label: '' });
    expect(theirs).toHaveLength(256);
    expect(wire.sent[0]).toEqual(encodeFrame({ kind: 'close', id: 513 }));
    wire.receive({ kind: 'close', id: 1 });
    wire.receive({ kind: 'open', id: 601, label: '' });
    expect(theirs).toHaveLength(257);
    expect(ends).toEqual([]);
  });

  it('may send a message of the maximum length, in any pieces', () => {
    const whole = Uint8Array.of(0x80, 0x80, 0x01, ...new Uint8Array(16_384), 1, 7);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: whole.length }), { maxLength: 10 }), (cuts) => {
        const { wire, channels, ends } = setUp();
        channels.carry(wire);
        wire.receive({ kind: 'open', id: 1, label: '' });
        const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        for (const [i, place] of places.entries()) wire.receive({ kind: 'data', id: 1, bytes: whole.slice(place, places[i + 1]) });
        expect(ends).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('may send anything: it is accepted or the channel ends, and no error escapes', () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, fc.tuple(fc.constantFrom(0, 1, 2, 3), fc.constantFrom(0, 1, 2, 3), bytes).map(([kind, id, rest]) => Uint8Array.of(kind, 0, 0, 0, id, ...rest)))), (messages) => {
        const { wire, channels, ends } = setUp();
        channels.carry(wire);
        channels.open('');
        for (const each of messages) wire.receive(each);
        expect(['', 'malformed']).toContain(ends.join());
      }),
    );
  });
});
