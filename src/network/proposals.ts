import type { Libp2p, MessageStream, MultiaddrConnection, Stream, StreamMuxer, StreamMuxerFactory, Upgrader } from '@libp2p/interface';
import { CodedError } from '../base/coded-error.ts';

/** Answers to protocol proposals on one stream. An honest peer proposes the protocol that it wants, or a few versions of it. */
const MAX_ANSWERS = 16;
/**
 * Pieces that may be sent on an incoming connection before its upgrade is complete: answers to proposals of encryption and muxer, and the
 * handshake.
 */
const MAX_OPENING = 64;

/** The other side proposes protocols without end. */
export class ProposalsError extends CodedError<'too-many-proposals'> {
  override readonly name = 'ProposalsError';
  constructor(message: string) {
    super('too-many-proposals', message);
  }
}

/**
 * Lets at most `most` pieces be sent while `undecided`: js-libp2p answers all proposals that have come in one task. Beyond that `onExcess`
 * ends the stream.
 */
function limitAnswers(stream: Pick<MessageStream, 'send'>, most: number, undecided: () => boolean, onExcess: (error: ProposalsError) => void): void {
  const send = stream.send.bind(stream);
  let answers = 0;
  stream.send = (data) => {
    if (undecided()) answers += 1;
    else stream.send = send;
    if (answers <= most) return send(data);
    const error = new ProposalsError(`more than ${most} answers to proposals`);
    onExcess(error);
    throw error;
  };
}

/**
 * The parts of a muxer of `@libp2p/utils` 8 that are used here and are not in its types. Guarded by the tests of `guarded-yamux.ts` and
 * `webrtc.ts`.
 */
interface Internals {
  onRemoteStream(stream: Stream): void;
  readonly streams: readonly Stream[];
}

/** Calls `onExcess` when too many proposals come on a stream that the other side opened. */
export function limitProposals(muxer: StreamMuxer, onExcess: (error: ProposalsError) => void): void {
  const limit = (stream: Stream) => limitAnswers(stream, MAX_ANSWERS, () => stream.protocol === '', onExcess);
  const internals = muxer as unknown as Internals;
  const onRemoteStream = internals.onRemoteStream.bind(muxer);
  internals.streams.forEach(limit);
  internals.onRemoteStream = (stream) => {
    limit(stream);
    onRemoteStream(stream);
  };
}

interface UpgradeOptions {
  muxerFactory?: StreamMuxerFactory | undefined;
}

/**
 * Applies the same limit to all connections during their upgrade: before they are encrypted, and to those that bring a muxer of their own,
 * as WebRTC does.
 */
export function limitOpenings(node: Libp2p): void {
  // An internal of `libp2p` 3.3.11 that is not in its types. Guarded by the tests beside `guarded-yamux.ts`.
  const { upgrader } = (node as unknown as { readonly components: { readonly upgrader: Upgrader } }).components;
  const { upgradeInbound, upgradeOutbound } = upgrader;
  const guarded = <O extends UpgradeOptions>(options: O): O => {
    const { muxerFactory } = options;
    if (!muxerFactory) return options;
    const createStreamMuxer = (connection: MessageStream) => {
      const muxer = muxerFactory.createStreamMuxer(connection);
      limitProposals(muxer, (error) => connection.abort(error));
      return muxer;
    };
    return { ...options, muxerFactory: { protocol: muxerFactory.protocol, createStreamMuxer } };
  };
  upgrader.upgradeInbound = async (connection: MultiaddrConnection, options) => {
    let opening = true;
    limitAnswers(connection, MAX_OPENING, () => opening, (error) => connection.abort(error));
    try {
      await upgradeInbound.call(upgrader, connection, guarded(options as UpgradeOptions) as never);
    } finally {
      opening = false;
    }
  };
  upgrader.upgradeOutbound = ((connection: MultiaddrConnection, options: UpgradeOptions) => upgradeOutbound.call(upgrader, connection, guarded(options) as never)) as Upgrader['upgradeOutbound'];
}
