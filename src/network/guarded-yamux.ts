import type { Connection, MessageStream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface';
import { yamux } from '@libp2p/yamux';
import type { Clock } from '../base/clock.ts';
import { inTurns } from './in-turns.ts';
import { tinyFrames, type TinyFramesError } from './noise-guard.ts';
import { limitProposals, type ProposalsError } from './proposals.ts';
import { MAX_WINDOW, YamuxError, YamuxGuard } from './yamux-guard.ts';

/**
 * Bytes that may wait to be sent on a connection, besides those in its socket. Streams stop by themselves when the connection is full.
 * Answers to pings, resets and window updates do not wait, so a peer that does not read would make them pile up. At the bound the
 * connection is closed.
 */
const MAX_BACKLOG = 1_048_576;

/** The muxer's method that creates every stream, whichever side opens it. */
const NEW_STREAM = '_newStream';

/** The parts of the muxer of `@libp2p/yamux` 8.0.3 that are used here and are not in its types. Guarded by the test beside this file. */
interface Internals {
  readonly maConn: object;
  onData(bytes: Uint8Array | { subarray(): Uint8Array }): void;
  readonly streams: readonly { readonly streamId: number; readonly protocol: string }[];
  [NEW_STREAM](id: number, state: number, direction: string): InternalStream;
}

type Breach = YamuxError | ProposalsError | TinyFramesError;

interface InternalStream {
  readonly state: number;
  /** The receive window in bytes, and what is left of it (`recvWindowCapacity`). */
  readonly recvWindow: number;
  readonly recvWindowCapacity: number;
  sendWindowUpdate(): void;
  abort(error: Error): void;
}

/** States in which a window update says nothing else: our part of the opening was already sent. */
const OPEN: ReadonlySet<number> = new Set([1, 3]);

/** Muxers whose other side broke a limit that no honest peer breaks. */
const breaches = new WeakMap<StreamMuxer, Breach>();

/** Why the muxer closed this connection; undefined when it did not. libp2p itself reports only that it is closed. */
export function yamuxBreach(connection: Connection): Breach | undefined {
  const { muxer } = connection as unknown as { readonly muxer?: StreamMuxer };
  return muxer && (breaches.get(muxer) ?? tinyFrames((muxer as unknown as Internals).maConn));
}

/**
 * The library confirms each frame that was read with a window update frame. Sending it only at half a window, as rust-yamux does, makes
 * that rare. The first update opens the stream, in a microtask of its own: if the connection has closed meanwhile, it throws where nobody
 * catches. Then the stream ends here.
 */
function updateSeldom(stream: InternalStream): void {
  const update = stream.sendWindowUpdate.bind(stream);
  stream.sendWindowUpdate = () => {
    if (OPEN.has(stream.state) && stream.recvWindowCapacity > stream.recvWindow / 2) return;
    try {
      update();
    } catch (error) {
      stream.abort(error as Error);
    }
  };
}

/** yamux with bounds on what the other side can make us keep. `maxStreams`: streams that either side may have open. */
export function guardedYamux({ clock, maxInboundStreams, maxOutboundStreams }: { readonly clock: Clock; readonly maxInboundStreams: number; readonly maxOutboundStreams: number }): () => StreamMuxerFactory {
  const create = yamux({ maxInboundStreams, maxOutboundStreams, streamOptions: { maxStreamWindowSize: MAX_WINDOW } });
  return () => {
    const factory = create();
    const createStreamMuxer = factory.createStreamMuxer.bind(factory);
    factory.createStreamMuxer = (connection: MessageStream) => {
      connection.maxWriteBufferLength = MAX_BACKLOG;
      const muxer = createStreamMuxer(connection);
      const internals = muxer as unknown as Internals;
      const end = (error: Breach) => {
        breaches.set(muxer, error);
        connection.abort(error);
      };
      limitProposals(muxer, end);
      const guard = new YamuxGuard(clock, () => internals.streams);
      const pass = inTurns(internals.onData.bind(muxer), (error) => {
        muxer.abort(error);
        connection.abort(error);
      });
      internals.onData = (bytes) => {
        try {
          for (const frames of guard.take(bytes.subarray())) pass(frames);
        } catch (error) {
          if (error instanceof YamuxError) breaches.set(muxer, error);
          throw error;
        }
      };
      const newStream = internals[NEW_STREAM].bind(muxer);
      internals[NEW_STREAM] = (...of) => {
        const stream = newStream(...of);
        updateSeldom(stream);
        return stream;
      };
      return muxer;
    };
    return factory;
  };
}
