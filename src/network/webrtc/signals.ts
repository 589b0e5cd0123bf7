import { isCandidate, isDataDescription, MAX_CANDIDATE, MAX_CANDIDATES, MAX_DESCRIPTION } from './description.ts';
import { RtcError } from './rtc-host.ts';
import type { RtcCandidate } from './rtc-host.ts';

/**
 * What two browsers say to each other over a relay until they have found a way of their own. A frame is the length of the rest (two bytes, big-endian),
 * one byte of kind, and text: of an offer or answer the description, of a candidate `<mid> <candidate>`, of `done` nothing.
 */
export const SIGNAL_PROTOCOL = '/petrel/webrtc/1';

export type Signal =
  | { readonly kind: 'offer' | 'answer'; readonly description: string }
  | ({ readonly kind: 'candidate' } & RtcCandidate)
  /** The channel is open: nothing more is needed. */
  | { readonly kind: 'done' };

const kinds = { offer: 1, answer: 2, candidate: 3, done: 4 } as const;

/** Bytes of a frame's length. */
const HEADER = 2;

/** Bytes of a frame after its length. */
const MAX_BODY = 1 + MAX_DESCRIPTION;

/** Signals in one conversation: a description, the candidates, `done`. */
const MAX_SIGNALS = MAX_CANDIDATES + 2;

/** Bytes that may wait unread: all of a conversation. */
export const MAX_SIGNAL_BYTES = HEADER + MAX_BODY + (MAX_SIGNALS - 1) * (HEADER + 1 + 17 + MAX_CANDIDATE);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function encodeSignal(signal: Signal): Uint8Array {
  const text = signal.kind === 'candidate' ? `${signal.mid} ${signal.candidate}` : signal.kind === 'done' ? '' : signal.description;
  const body = encoder.encode(text);
  const frame = new Uint8Array(HEADER + 1 + body.length);
  new DataView(frame.buffer).setUint16(0, 1 + body.length);
  frame[HEADER] = kinds[signal.kind];
  frame.set(body, HEADER + 1);
  return frame;
}

/** @param body without its length. Throws `RtcError` `malformed`. */
export function decodeSignal(body: Uint8Array): Signal {
  const kind = (Object.keys(kinds) as Signal['kind'][]).find((name) => kinds[name] === body[0]);
  let text: string;
  try {
    text = decoder.decode(body.subarray(1));
  } catch {
    throw malformed('text that is no UTF-8');
  }
  switch (kind) {
    case 'offer':
    case 'answer':
      if (!isDataDescription(text)) throw malformed(`an ${kind} that is not of a data channel`);
      return { kind, description: text };
    case 'candidate': {
      const space = text.indexOf(' ');
      const candidate = { mid: text.slice(0, Math.max(0, space)), candidate: text.slice(space + 1) };
      if (space < 0 || !isCandidate(candidate)) throw malformed('a candidate that is none');
      return { kind, ...candidate };
    }
    case 'done':
      if (text !== '') throw malformed('a done that says more');
      return { kind };
    case undefined:
      throw malformed(`kind ${String(body[0])}`);
  }
}

/** Reads the signals of one conversation, no more of them than it can have. Throws `RtcError` `malformed`, and what `read` throws. */
export class SignalReader {
  readonly #read: (length: number, signal: AbortSignal) => Promise<Uint8Array>;
  #left = MAX_SIGNALS;

  constructor(read: (length: number, signal: AbortSignal) => Promise<Uint8Array>) {
    this.#read = read;
  }

  async next(signal: AbortSignal): Promise<Signal> {
    if (this.#left-- <= 0) throw malformed(`more than ${MAX_SIGNALS} signals`);
    const header = await this.#read(HEADER, signal);
    const length = new DataView(header.buffer, header.byteOffset).getUint16(0);
    if (length < 1 || length > MAX_BODY) throw malformed(`a frame of ${length} bytes`);
    return decodeSignal(await this.#read(length, signal));
  }
}

function malformed(what: string): RtcError {
  return new RtcError('malformed', what);
}
