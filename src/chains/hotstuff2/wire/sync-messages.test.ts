import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import { decodeManifest, encodeManifest } from './manifest.ts';
import { decodeSyncAnswer, encodeSyncAnswer, type SyncAnswer } from './sync-answers.ts';
import { MAX_FRAME_TO_SERVER } from './sync-limits.ts';
import { decodeSyncRequest, encodeSyncRequest, requestHeader, type SyncRequest } from './sync-requests.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const some = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });
const u32 = fc.nat({ max: 0xffff_ffff });
const height = fc.maxSafeNat();

const request: fc.Arbitrary<SyncRequest> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), version: fc.nat({ max: 0xffff }), chainId: bytes(32), nonce: bytes(32) }),
  fc.record({ type: fc.constant('get-status' as const) }),
  fc.record({ type: fc.constantFrom('get-blocks' as const, 'get-headers' as const), from: height, count: fc.integer({ min: 1, max: 256 }) }),
  fc.record({ type: fc.constantFrom('get-finality' as const, 'get-snapshot' as const), height }),
  fc.record({ type: fc.constant('get-chunk' as const), height, index: u32 }),
  fc.constantFrom([true, false] as const, [false, true] as const, [true, true] as const).map(([certified, final]) => ({ type: 'subscribe' as const, certified, final })),
  fc.record({ type: fc.constant('unsubscribe' as const), subscription: u32 }),
  fc.record({ type: fc.constant('get-validators' as const), hash: bytes(32) }),
  fc.record({ type: fc.constant('get-state-proof' as const), height, key: some(1, 300) }),
  fc.record({ type: fc.constant('ping' as const), echo: bytes(8) }),
);

const status = fc.record({ finalHeight: height, finalHash: bytes(32), earliest: height, snapshot: height, time: height });
const item = fc.record({ bytes: some(0, 400), qc: some(0, 100) });
const leaf = fc
  .record({ count: fc.integer({ min: 1, max: 1000 }), at: fc.nat(), key: some(1, 40), value: some(0, 60), path: fc.array(bytes(32), { maxLength: 12 }) })
  .map(({ at, ...rest }) => ({ ...rest, index: at % rest.count }));
const manifest = fc
  .record({ height, blockHash: bytes(32), stateRoot: bytes(32), chunks: fc.nat({ max: 9 }), power: fc.nat({ max: 10 }), less: fc.nat() })
  .chain(({ chunks, power, less, ...rest }) =>
    fc.array(bytes(32), { minLength: chunks, maxLength: chunks }).map((chunkRoots) => ({ ...rest, chunkRoots, entriesPerChunk: 2 ** power, entries: chunks * 2 ** power - (chunks > 0 ? less % 2 ** power : 0) })),
  );

const answer: fc.Arbitrary<SyncAnswer> = fc.oneof(
  fc.record({ type: fc.constant('hello-ack' as const), version: fc.nat({ max: 0xffff }), chainId: bytes(32), nonce: bytes(32), genesisHash: bytes(32), status }),
  fc.record({ type: fc.constant('status' as const), status }),
  fc.record({ type: fc.constant('blocks' as const), from: height, items: fc.array(item, { minLength: 1, maxLength: 4 }) }),
  fc.record({ type: fc.constant('headers' as const), from: height, items: fc.array(fc.record({ bytes: bytes(223), qc: some(0, 60) }), { minLength: 1, maxLength: 4 }) }),
  fc.record({ type: fc.constantFrom('finality' as const, 'new-final' as const), proof: some(1, 300) }),
  fc.record({ type: fc.constant('manifest' as const), manifest }),
  fc.record({ type: fc.constant('chunk' as const), index: u32, chunk: some(1, 300) }),
  fc.record({ type: fc.constantFrom('subscribed' as const, 'unsubscribed' as const) }),
  fc.record({ type: fc.constant('new-certified' as const), item }),
  fc.record({ type: fc.constant('validators' as const), set: some(1, 100) }),
  fc.record({ type: fc.constant('state-proof' as const), proof: fc.oneof(leaf.map((one) => ({ present: true, leaves: [one] })), fc.array(leaf, { maxLength: 2 }).map((leaves) => ({ present: false, leaves }))) }),
  fc.record({ type: fc.constant('pong' as const), echo: bytes(8) }),
  fc.record({ type: fc.constant('error' as const), code: fc.constantFrom(1 as const, 2 as const, 5 as const, 8 as const), text: fc.string({ unit: 'grapheme', maxLength: 40 }) }),
);

/** The code that decoding throws; fails for another error than `DecodeError`. */
function refusal(decode: () => unknown): string | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
}

const changed = (frame: Uint8Array, at: number, value: number) => {
  const copy = frame.slice();
  copy[at] = value;
  return copy;
};

describe('requests of hs2-sync/1', () => {
  it('come back from their bytes', () => {
    fc.assert(fc.property(u32, request, (id, it) => void expect(decodeSyncRequest(encodeSyncRequest(id, it))).toEqual({ id, request: it })), runs(300, 20_000));
  });

  it('have type, flags, id and body in the bytes of the reference', () => {
    expect(Buffer.from(encodeSyncRequest(0x01020304, { type: 'get-blocks', from: 10, count: 256 })).toString('hex')).toBe('030001020304000000000000000a010000');
    expect(Buffer.from(encodeSyncRequest(7, { type: 'subscribe', certified: true, final: true })).toString('hex')).toBe('08000000000703');
    expect(Buffer.from(encodeSyncRequest(7, { type: 'get-chunk', height: 150, index: 4 })).toString('hex')).toBe('070000000007000000000000009600000004');
  });

  it('are refused when they end early, at every byte, and when a byte is left over', () => {
    fc.assert(
      fc.property(request, (it) => {
        const frame = encodeSyncRequest(1, it);
        // A key that ends early is one with a wrong length.
        for (let end = 0; end < frame.length; end += 1) expect(refusal(() => decodeSyncRequest(frame.subarray(0, end)))).toBe('unexpected-end');
        expect(refusal(() => decodeSyncRequest(concatBytes(frame, Uint8Array.of(0))))).toBe('trailing-bytes');
      }),
      runs(60, 2000),
    );
  });

  it('are refused for flags, counts, kinds, keys and types that the reference forbids', () => {
    const blocks = encodeSyncRequest(1, { type: 'get-blocks', from: 1, count: 1 });
    expect(refusal(() => decodeSyncRequest(changed(blocks, 1, 1)))).toBe('invalid-value');
    expect(refusal(() => decodeSyncRequest(changed(blocks, 15, 0)))).toBe('invalid-value');
    expect(refusal(() => decodeSyncRequest(changed(blocks, 14, 1)))).toBe('length-over-limit');
    expect(refusal(() => decodeSyncRequest(changed(blocks, 16, 1)))).toBe('invalid-value');
    expect(refusal(() => decodeSyncRequest(changed(blocks, 6, 0xff)))).toBe('number-too-large');
    expect(refusal(() => decodeSyncRequest(changed(blocks, 0, 0x0c)))).toBe('unknown-variant');
    const subscribe = encodeSyncRequest(1, { type: 'subscribe', certified: true, final: false });
    for (const kinds of [0, 4, 255]) expect(refusal(() => decodeSyncRequest(changed(subscribe, 6, kinds)))).toBe('invalid-value');
    expect(refusal(() => decodeSyncRequest(Uint8Array.from([0x0b, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0])))).toBe('invalid-value');
    expect(refusal(() => decodeSyncRequest(new Uint8Array(MAX_FRAME_TO_SERVER + 1)))).toBe('length-over-limit');
  });

  it('are not made for values without an encoding', () => {
    expect(() => encodeSyncRequest(1, { type: 'get-blocks', from: 0, count: 257 })).toThrow(EncodeError);
    expect(() => encodeSyncRequest(1, { type: 'get-validators', hash: new Uint8Array(31) })).toThrow(EncodeError);
    expect(() => encodeSyncRequest(1, { type: 'get-state-proof', height: 1, key: new Uint8Array(4096) })).toThrow(EncodeError);
    expect(() => encodeSyncRequest(-1, { type: 'get-status' })).toThrow(EncodeError);
  });

  it('say their type and id even when the rest is not understood', () => {
    expect(requestHeader(Uint8Array.of(3, 1, 0, 0, 2, 1, 9))).toEqual({ known: true, id: 513 });
    expect(requestHeader(Uint8Array.of(0x55, 0, 0, 0, 0, 1))).toEqual({ known: false, id: 1 });
    expect(requestHeader(Uint8Array.of(3, 0, 0, 0, 0))).toBeUndefined();
  });

  it('never make the decoder throw anything but its error', () => {
    fc.assert(fc.property(fc.oneof(some(0, 120), fc.tuple(fc.integer({ min: 1, max: 15 }), some(0, 100)).map(([type, body]) => concatBytes(Uint8Array.of(type, 0), body))), (input) => void expect(refusal(() => decodeSyncRequest(input))).not.toBe('')), runs(5000, 1_000_000));
  }, longTimeout);
});

describe('answers of hs2-sync/1', () => {
  it('come back from their bytes', () => {
    fc.assert(fc.property(u32, answer, (id, it) => void expect(decodeSyncAnswer(encodeSyncAnswer(id, it))).toEqual({ id, answer: it })), runs(300, 20_000));
  });

  it('are one encoding: what decodes encodes to the same bytes', () => {
    const nearly = fc.tuple(answer, fc.nat(), fc.nat({ max: 255 })).map(([it, at, value]) => {
      const frame = encodeSyncAnswer(1, it);
      return changed(frame, at % frame.length, value);
    });
    fc.assert(
      fc.property(nearly, (frame) => {
        fc.pre(refusal(() => decodeSyncAnswer(frame)) === undefined);
        const { id, answer: it } = decodeSyncAnswer(frame);
        expect(encodeSyncAnswer(id, it)).toEqual(frame);
      }),
      runs(1000, 50_000),
    );
  });

  it('are refused when they end early, at every byte', () => {
    // These end where the frame ends: a shorter one is another value of the same kind, which the codec of their content refuses.
    const open = new Set(['finality', 'new-final', 'chunk', 'validators']);
    fc.assert(
      fc.property(answer, (it) => {
        const frame = encodeSyncAnswer(1, it);
        const short: (string | undefined)[] = [];
        for (let end = 0; end < frame.length; end += 1) {
          const code = refusal(() => decodeSyncAnswer(frame.subarray(0, end)));
          if (!open.has(it.type) && !(it.type === 'state-proof' && !it.proof.present)) short.push(code);
        }
        expect(short.filter((code) => code !== 'unexpected-end')).toEqual([]);
        // A proof of an absent key takes a further leaf, and what is open takes any byte.
        const whole = open.has(it.type) || it.type === 'state-proof' ? 'trailing-bytes' : refusal(() => decodeSyncAnswer(concatBytes(frame, Uint8Array.of(0))));
        expect(whole).toBe('trailing-bytes');
      }),
      runs(60, 2000),
    );
  });

  it('are refused for counts, codes, texts and manifests that the reference forbids', () => {
    const status = { finalHeight: 1, finalHash: new Uint8Array(32), earliest: 0, snapshot: 0, time: 1 };
    expect(refusal(() => decodeSyncAnswer(changed(encodeSyncAnswer(1, { type: 'status', status }), 1, 1)))).toBe('invalid-value');
    expect(refusal(() => decodeSyncAnswer(Uint8Array.from([0x83, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0])))).toBe('invalid-value');
    expect(refusal(() => decodeSyncAnswer(Uint8Array.from([0x83, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1])))).toBe('length-over-limit');
    expect(refusal(() => decodeSyncAnswer(Uint8Array.from([0xff, 0, 0, 0, 0, 1, 0, 9, 0, 0])))).toBe('invalid-value');
    expect(refusal(() => decodeSyncAnswer(Uint8Array.from([0xff, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0xff])))).toBe('invalid-value');
    expect(refusal(() => decodeSyncAnswer(Uint8Array.from([0x85, 0, 0, 0, 0, 1])))).toBe('unexpected-end');
    expect(refusal(() => decodeSyncAnswer(Uint8Array.from([0x03, 0, 0, 0, 0, 1])))).toBe('unknown-variant');
    const good = encodeManifest({ height: 1, blockHash: new Uint8Array(32), stateRoot: new Uint8Array(32), entries: 17, entriesPerChunk: 16, chunkRoots: [new Uint8Array(32), new Uint8Array(32)] });
    expect(refusal(() => decodeManifest(changed(good, 83, 15)))).toBe('invalid-value');
    expect(refusal(() => decodeManifest(changed(good, 79, 33)))).toBe('invalid-value');
    expect(refusal(() => decodeManifest(changed(good, 84, 255)))).toBe('length-over-limit');
    expect(() => encodeManifest({ ...decodeManifest(good), entriesPerChunk: 12 })).toThrow(EncodeError);
    expect(() => encodeManifest({ ...decodeManifest(good), entries: 16 })).toThrow(EncodeError);
  });

  it('never make the decoder throw anything but its error', () => {
    const typed = fc.tuple(fc.constantFrom(0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x8a, 0x8b, 0xa0, 0xa1, 0xff), some(0, 300)).map(([type, body]) => concatBytes(Uint8Array.of(type, 0), body));
    fc.assert(fc.property(fc.oneof(some(0, 120), typed), (input) => void expect(refusal(() => decodeSyncAnswer(input))).not.toBe('')), runs(5000, 1_000_000));
  }, longTimeout);
});
