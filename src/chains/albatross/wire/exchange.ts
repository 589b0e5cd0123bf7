import { errorNames, result, u32 } from '../../../base/postcard/codec.ts';
import type { Answer, Codec } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';

/** What the requester knows about the answer besides the question: the maximum number of blocks. */
export interface AnswerLimits {
  readonly maxBlocks?: number | undefined;
}

/** A kind of request with its answer: `Q` is the question, `A` is the answer inside the outer `Result`. */
export interface Exchange<Q, A> {
  readonly typeId: number;
  readonly request: Codec<Q>;
  readonly response: Codec<A>;
  /** Codec for the answer to this question, which reads no more than was asked for. Without it the question sets no bound. */
  readonly responseTo?: ((asked: Q, limits: AnswerLimits) => Codec<A>) | undefined;
  /** Requests that a 2.x node takes per peer and `RATE_LIMIT_WINDOW`. */
  readonly perWindow: number;
}

/** The first number of a request: its type id, with the lowest bit telling whether an answer is expected. Albatross network reference, 3.2. */
export function wireType(typeId: number): number {
  return typeId * 2 + 1;
}

/** Varint wire type, then the body, without the length that the stream adds in front. Another type is `invalid-value`. */
export function requestMessage<Q>({ typeId, request }: Pick<Exchange<Q, unknown>, 'typeId' | 'request'>): Codec<Q> {
  const expected = wireType(typeId);
  return {
    read: (r) => {
      const start = r.offset;
      const type = u32.read(r);
      if (type !== expected) throw new DecodeError('invalid-value', start, `wire type ${type} instead of ${expected}`);
      return request.read(r);
    },
    write: (w, body) => {
      u32.write(w, expected);
      request.write(w, body);
    },
    minSize: 1 + (request.minSize ?? 0),
  };
}

const inboundErrors = ['malformed', 'no-receiver', 'dropped', 'timeout', 'rate-limited', 'other'] as const;

/** Why a node did not pass a request to its handler. On the wire only `no-receiver` and `rate-limited` were seen. */
export type InboundRequestErrorName = (typeof inboundErrors)[number];

/** The index of the error; every name that can be read is in the list. */
const inboundError = errorNames(inboundErrors) as Codec<InboundRequestErrorName>;

/** The outer `Result` of every response: `00` and the response, or `01` and an inbound error. Blocks in it are read in the encoding form `held`. */
export function responseMessage<A>({ response }: Pick<Exchange<never, A>, 'response'>): Codec<Answer<A, InboundRequestErrorName>> {
  return result<A, InboundRequestErrorName>(response, inboundError);
}
