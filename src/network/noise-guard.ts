import { noise, pureJsCrypto, type ICryptoInterface } from '@libp2p/noise';
import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface';
import type { Clock } from '../base/clock.ts';
import { CodedError } from '../base/coded-error.ts';
import { x25519KeyPair } from '../crypto/x25519.ts';

/** Milliseconds in which frames are counted. */
const WINDOW = 10_000;
/**
 * After this many frames in that time, their mean size must reach `MIN_MEAN`: all kinds of requests at their limits come to some 8000
 * frames.
 */
const FRAMES_BEFORE_MEAN = 16_384;
const MIN_MEAN = 64;
/** Bytes of the shortest frame: the tag alone. */
const TAG = 16;

/** The other side sends nearly empty frames: each costs as much as a frame with a kilobyte. */
export class TinyFramesError extends CodedError<'tiny-frames'> {
  override readonly name = 'TinyFramesError';
  constructor(message: string) {
    super('tiny-frames', message);
  }
}

/**
 * The parts of the stream of `@libp2p/noise` 17.0.3 that are used here and are not in its types. Guarded by the tests of
 * `guarded-yamux.ts`.
 */
interface Internals {
  decrypt?(frame: { readonly byteLength: number }): { readonly byteLength: number };
  readonly decoder?: { lengthDecoder(bytes: unknown): number };
}

/**
 * Calls `onExcess` when the frames of an encrypted stream are many and tiny, or a frame is shorter than its tag: noise skips those, all in
 * one task. Streams other than noise's are not changed.
 */
function limitTinyFrames(stream: MessageStream, clock: Pick<Clock, 'monotonic'>, onExcess: (error: TinyFramesError) => void): void {
  const internals = stream as unknown as Internals;
  const decrypt = internals.decrypt?.bind(stream);
  const { decoder } = internals;
  if (decrypt === undefined || decoder === undefined) return;
  const refuse = (message: string): never => {
    const error = new TinyFramesError(message);
    onExcess(error);
    throw error;
  };
  const lengthOf = decoder.lengthDecoder.bind(decoder);
  decoder.lengthDecoder = (data) => {
    const length = lengthOf(data);
    return length < TAG ? refuse(`a frame of ${length} bytes`) : length;
  };
  let start = clock.monotonic();
  let frames = 0;
  let bytes = 0;
  internals.decrypt = (frame) => {
    const now = clock.monotonic();
    if (now - start >= WINDOW) [start, frames, bytes] = [now, 0, 0];
    frames += 1;
    bytes += frame.byteLength;
    return frames < FRAMES_BEFORE_MEAN || bytes >= frames * MIN_MEAN ? decrypt(frame) : refuse(`${frames} frames with ${bytes} bytes`);
  };
}

/** The encrypted streams that were closed for such frames. */
const breaches = new WeakMap<object, TinyFramesError>();

/** Why this encrypted stream was closed; undefined if it was not closed here. */
export function tinyFrames(stream: object): TinyFramesError | undefined {
  return breaches.get(stream);
}

/** Of browsers: the library's own, but for the making of keys. */
const browserCrypto: ICryptoInterface = { ...pureJsCrypto, generateX25519KeyPair: () => x25519KeyPair(), generateX25519KeyPairFromSeed: (seed) => x25519KeyPair(seed) };

/** noise, with a limit on frames that cost much and carry nothing, from the first decrypted frame on. */
export function guardedNoise(clock: Pick<Clock, 'monotonic'>): ReturnType<typeof noise> {
  // In Node the library takes Node's own functions, which need a tenth of the time. The local network runs there.
  const create = noise(globalThis.process?.versions?.node ? {} : { crypto: browserCrypto });
  return (components) => {
    const encrypter = create(components);
    const guarded = <S extends { readonly connection: MessageStream }>(secured: S): S => {
      const { connection } = secured;
      limitTinyFrames(connection, clock, (error) => {
        breaches.set(connection, error);
        connection.abort(error);
      });
      return secured;
    };
    const { secureInbound, secureOutbound } = encrypter;
    const inbound: ConnectionEncrypter['secureInbound'] = async (...args) => guarded(await secureInbound.apply(encrypter, args));
    const outbound: ConnectionEncrypter['secureOutbound'] = async (...args) => guarded(await secureOutbound.apply(encrypter, args));
    return Object.assign(encrypter, { secureInbound: inbound, secureOutbound: outbound });
  };
}
