import { assert, integer, oneof, property, string, tuple, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDataDescription, MAX_CANDIDATES } from './description.ts';
import { RtcError } from './rtc-host.ts';
import { decodeSignal, encodeSignal, MAX_SIGNAL_BYTES, SignalReader } from './signals.ts';

/** As Chromium writes it. */
const sdp =
  'v=0\r\no=- 9152621231564509505 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n' +
  'a=ice-ufrag:Br4g\r\na=ice-pwd:tyDTdtj4zKmm7eFxQ3lZT8/X\r\na=ice-options:trickle\r\na=fingerprint:sha-256 D4:5F:78\r\na=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n';
const candidate = 'candidate:320073336 1 udp 2113937151 cbfeb9a7-3fc5-4cf9-97ff-6f33f49296ef.local 33365 typ host generation 0 ufrag Br4g network-cost 999';

const body = (frame: Uint8Array) => frame.subarray(2);
const raw = (kind: number, text: string) => Uint8Array.of(kind, ...new TextEncoder().encode(text));
const stop = new AbortController().signal;

/** A reader over these bytes, which waits for ever at their end. */
function reader(...frames: Uint8Array[]): SignalReader {
  const bytes = Uint8Array.from(frames.flatMap((frame) => [...frame]));
  let at = 0;
  return new SignalReader((length) => {
    if (at + length > bytes.length) return new Promise(() => undefined);
    at += length;
    return Promise.resolve(bytes.slice(at - length, at));
  });
}

describe('signals', () => {
  it.each([
    { kind: 'offer', description: sdp },
    { kind: 'answer', description: sdp },
    { kind: 'candidate', mid: '0', candidate },
    { kind: 'candidate', mid: '', candidate },
    { kind: 'done' },
  ] as const)('come back as they were sent: $kind', async (signal) => {
    const frame = encodeSignal(signal);
    expect(new DataView(frame.buffer).getUint16(0)).toBe(frame.length - 2);
    expect(decodeSignal(body(frame))).toEqual(signal);
    await expect(reader(frame).next(stop)).resolves.toEqual(signal);
  });

  it.each([
    ['no kind', new Uint8Array(0)],
    ['kind 0', raw(0, '')],
    ['kind 9', raw(9, sdp)],
    ['text that is none', Uint8Array.of(1, 0xff, 0xfe)],
    ['an empty offer', raw(1, '')],
    ['lines that end otherwise', raw(1, sdp.replaceAll('\r\n', '\n'))],
    ['something unprintable', raw(1, `${sdp}a=x\0y\r\n`)],
    ['no section', raw(1, sdp.replace(/m=.*\r\n/, ''))],
    ['sound beside the data', raw(1, `${sdp}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`)],
    ['sound alone', raw(2, sdp.replace('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'm=audio 9 UDP/TLS/RTP/SAVPF 111'))],
    ['two channels', raw(2, `${sdp}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`)],
    ['too many candidates in it', raw(1, sdp + `a=${candidate}\r\n`.repeat(MAX_CANDIDATES + 1))],
    ['a description without end', raw(1, sdp + 'a=x\r\n'.repeat(2_000))],
    ['a candidate without section', raw(3, candidate.replaceAll(' ', ''))],
    ['a candidate that is none', raw(3, '0 nonsense')],
    ['a candidate with a line end', raw(3, `0 ${candidate}\r\na=x`)],
    ['a candidate without end', raw(3, `0 candidate:${'1'.repeat(600)}`)],
    ['a section with a line end', raw(3, `0\r\n ${candidate}`)],
    ['a done that says more', raw(4, 'x')],
  ])('are refused with a code: %s', (_, bytes) => {
    expect(() => decodeSignal(bytes)).toThrow(RtcError);
  });

  it('are decoded totally: any bytes are a signal or `malformed`', () => {
    const bytes = oneof(uint8Array({ maxLength: 300 }), tuple(integer({ min: 0, max: 5 }), string({ maxLength: 300 })).map(([kind, text]) => raw(kind, text)));
    const outcome = (given: Uint8Array) => {
      try {
        return decodeSignal(given).kind;
      } catch (error) {
        return error instanceof RtcError ? error.code : 'another error';
      }
    };
    assert(property(bytes, (given) => ['offer', 'answer', 'candidate', 'done', 'malformed'].includes(outcome(given))));
    expect(outcome(new Uint8Array(0))).toBe('malformed');
  });

  it('end with the conversation, and no length is believed', async () => {
    const many = reader(...Array.from({ length: MAX_CANDIDATES + 3 }, () => encodeSignal({ kind: 'candidate', mid: '0', candidate })));
    for (let i = 0; i < MAX_CANDIDATES + 2; i++) await many.next(stop);
    await expect(many.next(stop)).rejects.toMatchObject({ code: 'malformed' });
    await expect(reader(Uint8Array.of(0, 0)).next(stop)).rejects.toMatchObject({ code: 'malformed' });
    await expect(reader(Uint8Array.of(0xff, 0xff)).next(stop)).rejects.toMatchObject({ code: 'malformed' });
    expect(MAX_SIGNAL_BYTES).toBeLessThan(65_536);
  });

  it('take what Firefox writes', () => {
    const firefox =
      'v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 6513243513 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AA:BB\r\na=group:BUNDLE 0\r\na=ice-options:trickle\r\na=msid-semantic:WMS *\r\n' +
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\na=ice-pwd:aa\r\na=ice-ufrag:bb\r\na=mid:0\r\na=setup:actpass\r\na=sctp-port:5000\r\na=max-message-size:1073741823\r\n';
    expect(isDataDescription(firefox)).toBe(true);
  });
});
