import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesOf } from '../../../../test/support/stacks-fuzz.ts';
import { exchanges } from '../../../../test/support/stacks-vectors.ts';
import { runs } from '../../../../test/support/runs.ts';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { decodeFrame, encodeFrame } from '../wire/frame.ts';
import { FrameSplitter, payloadLimitOf } from './frame-splitter.ts';

const frames = exchanges.flatMap(({ req, rep }) => [req, rep]);
const relayer = { address: '00'.repeat(16), port: 1, keyHash: '00'.repeat(20), sequence: 1 };
const bare = decodeFrame(fromHex(frames[0]!));

describe('frames of a stream', () => {
  it('come whole and in order, however the stream is cut', () => {
    const stream = concatBytes(...frames.map(fromHex), encodeFrame({ ...bare, relayers: [relayer, relayer] }));
    assert(property(array(integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }), (cuts) => {
      const splitter = new FrameSplitter();
      const got: string[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const length = cuts[turn % cuts.length]!;
        got.push(...splitter.push(stream.subarray(at, at + length)).map(toHex));
        at += length;
      }
      expect(got.slice(0, -1)).toEqual(frames);
      expect(decodeFrame(fromHex(got.at(-1)!)).relayers).toHaveLength(2);
      expect(splitter.isInside).toBe(false);
    }), runs(20, 1000));
  });

  it('come byte by byte', () => {
    const splitter = new FrameSplitter();
    const got = [...fromHex(frames[1]! + frames[2]!)].flatMap((byte) => splitter.push(Uint8Array.of(byte)).map(toHex));
    expect(got).toEqual([frames[1], frames[2]]);
    expect(splitter.push(fromHex(frames[0]!).subarray(0, 170))).toEqual([]);
    expect(splitter.isInside).toBe(true);
  });
});

describe('a frame that is too long for its type', () => {
  const pushed = (frame: Uint8Array, length: number) => codesOf((bytes) => new FrameSplitter().push(bytes), frame.subarray(0, length));
  const other = (type: number, length: number) => encodeFrame({ ...bare, message: { kind: 'Other', type, payload: new Uint8Array(length) } });

  it.each([[0, 321], [1, 321], [19, 65_857], [5, 22], [6, 538], [7, 22], [8, 518], [14, 4], [15, 4], [16, 4], [26, 20], [27, 269], [28, 4_194_304], [200, 4_194_304]])('%i: refused with the byte that tells its type, one byte above %i', (type, most) => {
    expect(payloadLimitOf(type)).toBe(most);
    expect(pushed(other(type, most + 1), 169)).toBeUndefined();
    expect(pushed(other(type, most + 1), 170)).toBe('length');
    expect(pushed(other(type, most), 170)).toBeUndefined();
    expect(new FrameSplitter().push(other(type, most))).toHaveLength(1);
  });

  it('or for any, or names too many relayers, is refused with its preamble', () => {
    const huge = fromHex(frames[0]!);
    huge.set([0x7f, 0xff, 0xff, 0xff], 161);
    expect(pushed(huge, 165)).toBe('length');
    const crowded = fromHex(frames[0]!);
    crowded.set([0, 0, 0, 17], 165);
    expect(pushed(crowded, 169)).toBeUndefined();
    expect(pushed(crowded, 170)).toBe('length');
    const cut = fromHex(frames[0]!);
    cut.set([0, 0, 0, 1], 165);
    expect(pushed(cut, 170)).toBe('length');
  });
});
