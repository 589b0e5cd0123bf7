import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { isEd25519Point } from '../../../crypto/ed25519-point.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { MolochCodecError } from './codec-error.ts';
import { bodyOf, decodeFrame, encodeBody, encodeFrame, MAX_BODY } from './frame.ts';

const plain = { extended: false, isKey: isEd25519Point };
const extended = { extended: true, isKey: isEd25519Point };
/** For tests of the layout alone. */
const anyKey = { extended: true };

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof MolochCodecError) return error.code;
    throw error;
  }
  return 'no error';
};

const { ext } = molochVectors;
const extFrames = {
  ExtHello: ext.hello, ExtHelloAck: ext.helloAck, ExtAuth: ext.auth, GetTrustedHeaders: ext.getTrustedHeaders, TrustedHeaders: ext.trustedHeaders, GetProof: ext.getProof,
  Proof: ext.proof, GetManifest: ext.getManifest, Manifest: ext.manifest, GetChunk: ext.getChunk, Chunk: ext.chunks[0]!, Finalized: ext.finalized, ExtStatus: ext.status,
};
const allFrames = [...molochVectors.frames.map(({ name, frame }) => [name, frame] as const), ...Object.entries(extFrames)];

describe('vectors: frames', () => {
  it.each(molochVectors.frames)('$name', ({ frame, type, isRequest }) => {
    const message = decodeFrame(fromHex(frame), plain);
    expect(message.kind).toBe(type);
    expect(toHex(encodeFrame(message))).toBe(frame);
    expect('id' in message).toBe(isRequest);
    expect(decodeFrame(fromHex(frame), extended)).toEqual(message);
  });

  it('all 21 kinds are there', () => {
    expect(new Set(molochVectors.frames.map(({ type }) => type)).size).toBe(21);
  });
});

describe('vectors: ext', () => {
  it.each(Object.entries(extFrames))('%s', (kind, frame) => {
    const message = decodeFrame(fromHex(frame), extended);
    expect(message.kind).toBe(kind);
    expect(toHex(encodeFrame(message))).toBe(frame);
    expect(codeOf(() => decodeFrame(fromHex(frame), plain))).toBe('bad-index');
  });

  it('all chunks are read and written byte for byte', () => {
    for (const frame of ext.chunks) expect(toHex(encodeFrame(decodeFrame(fromHex(frame), extended)))).toBe(frame);
  });
});

describe('vectors: frameNegatives', () => {
  const codes: Readonly<Record<string, string>> = {
    'short length prefix': 'unexpected-end',
    truncated: 'unexpected-end',
    'bytes after the frame': 'trailing-bytes',
    'trailing byte inside the frame': 'trailing-bytes',
    'length over 16 MiB': 'too-large',
    'unknown variant 21': 'bad-index',
    'option tag 2': 'bad-option',
    'bool 2': 'bad-bool',
    'vector length 2^64-1': 'unexpected-end',
    'bad utf-8': 'bad-text',
    'public key all 0xff (non-canonical encoding)': 'no error',
    'public key not a point': 'bad-key',
    'timestamp largest legal': 'no error',
    'timestamp largest legal + 1': 'bad-time',
    'timestamp smallest legal': 'no error',
    'timestamp smallest legal - 1': 'bad-time',
    'timestamp out of range': 'bad-time',
  };

  it.each(molochVectors.frameNegatives)('$name', ({ name, frame, upstream }) => {
    const code = codeOf(() => decodeFrame(fromHex(frame), plain));
    expect(code).toBe(codes[name]);
    // Hole 10: the crates accept bytes left over inside and after a frame.
    expect(code === 'no error' || code === 'trailing-bytes').toBe(upstream.ok !== undefined);
  });

  it('hole 10: bytes left over are refused, in and after every frame', () => {
    for (const [, frame] of allFrames) {
      expect(codeOf(() => decodeFrame(fromHex(`${frame}00`), anyKey))).toBe('trailing-bytes');
      const body = fromHex(`${frame}00`);
      new DataView(body.buffer).setUint32(0, body.length - 4);
      expect(codeOf(() => decodeFrame(body, anyKey))).toBe('trailing-bytes');
    }
  });
});

describe('bad frames', () => {
  it.each(allFrames)('%s: cut at every byte', (_name, hex) => {
    const frame = fromHex(hex);
    const codes = new Set<string>();
    for (let length = 0; length < frame.length; length += 1) {
      const cut = frame.slice(0, length);
      codes.add(codeOf(() => decodeFrame(cut, anyKey)));
      if (length < 4) continue;
      // With a length that fits, something inside of it is missing.
      new DataView(cut.buffer).setUint32(0, length - 4);
      codes.add(codeOf(() => decodeFrame(cut, anyKey)));
    }
    expect([...codes]).toEqual(['unexpected-end']);
  });

  it('resources may be 32 inside of each other, and no more', () => {
    const newEvent = decodeFrame(fromHex(molochVectors.frames.find(({ name }) => name === 'NewEvent')!.frame), anyKey);
    if (newEvent.kind !== 'NewEvent') throw new Error('NewEvent expected');
    const nest = (depth: number) => {
      let resource = newEvent.event.resource;
      for (let i = 1; i < depth; i += 1) resource = { kind: 'Other', id: '', parent: resource };
      return { ...newEvent, event: { ...newEvent.event, resource } };
    };
    const own = (() => {
      let depth = 0;
      for (let at: typeof newEvent.event.resource | undefined = newEvent.event.resource; at; at = at.parent) depth += 1;
      return depth;
    })();
    const deepest = nest(33 - own);
    expect(decodeFrame(encodeFrame(deepest), anyKey)).toEqual(deepest);
    expect(codeOf(() => encodeFrame(nest(34 - own)))).toBe('too-deep');
    // One more parent (kind 0, no id) in place of the end of the resources. The end stands before the outcome.
    const body = toHex(encodeBody(deepest));
    const link = `01${'0c000000'}${'00'.repeat(8)}`;
    const first = body.indexOf(link);
    const deeper = fromHex(body.slice(0, first) + link + body.slice(first));
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setUint32(0, deeper.length);
    expect(codeOf(() => decodeFrame(Uint8Array.of(...prefix, ...deeper), anyKey))).toBe('too-deep');
  });

  it('a frame of exactly 16 MiB is not too large', () => {
    const frame = new Uint8Array(4 + MAX_BODY);
    new DataView(frame.buffer).setUint32(0, MAX_BODY);
    expect(bodyOf(frame).length).toBe(MAX_BODY);
    new DataView(frame.buffer).setUint32(0, MAX_BODY + 1);
    expect(codeOf(() => bodyOf(frame))).toBe('too-large');
  });

  it(
    'damaged and random frames throw nothing but coded errors, and what is read has one form',
    () => {
      const samples = allFrames.map(([, hex]) => fromHex(hex));
      const damaged = fc.tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })).map(([frame, changes]) => {
        const copy = frame.slice();
        for (const [at, byte] of changes) copy[4 + (at % (copy.length - 4))] = byte;
        return copy;
      });
      const random = fc.tuple(fc.constantFrom(...samples.keys()), fc.uint8Array({ maxLength: 200 })).map(([kind, tail]) => {
        const frame = Uint8Array.of(0, 0, 0, 0, ...samples[kind]!.subarray(4, 8), ...tail);
        new DataView(frame.buffer).setUint32(0, frame.length - 4);
        return frame;
      });
      fc.assert(
        fc.property(fc.oneof(damaged, random), (frame) => {
          try {
            const message = decodeFrame(frame, anyKey);
            expect(equalBytes(encodeFrame(message), frame)).toBe(true);
          } catch (error) {
            if (!(error instanceof MolochCodecError)) throw error;
          }
        }),
        runs(10_000, 1_000_000),
      );
    },
    longTimeout,
  );
});
