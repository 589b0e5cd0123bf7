import { errorNames, result, u32 } from './postcard/codec.ts';
import type { Answer, Codec } from './postcard/codec.ts';
import { DecodeError } from './postcard/errors.ts';

/** A kind of request with its answer: `Q` is asked, `A` comes inside the outer `Result`. */
export interface Exchange<Q, A> {
  readonly typeId: number;
  readonly request: Codec<Q>;
  readonly response: Codec<A>;
  /** Requests a 2.x node takes per peer and `RATE_LIMIT_WINDOW`. */
  readonly perWindow: number;
}

/** A request's first number: its type id, and in the lowest bit whether an answer is expected. Albatross network reference, 3.2. */
export function wireType(typeId: number): number {
  return typeId * 2 + 1;
}

/** Varint wire type, then the body; without the length that the stream puts in front. Another type is `invalid-value`. */
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

/** Why a node did not let a request reach its handler. On the wire only `no-receiver` and `rate-limited` were seen. */
export type InboundRequestErrorName = (typeof inboundErrors)[number];

/** The index of the error; every name that it reads is one of the list. */
const inboundError = errorNames(inboundErrors) as Codec<InboundRequestErrorName>;

/** The outer `Result` of every response: `00` and the response, or `01` and an inbound error. */
export function responseMessage<A>({ response }: Pick<Exchange<never, A>, 'response'>): Codec<Answer<A, InboundRequestErrorName>> {
  return result<A, InboundRequestErrorName>(response, inboundError);
}
