import type { Stream } from '@libp2p/interface';
import { StreamError, StreamReader } from '../stream-reader.ts';
import { MAX_CANDIDATES } from './description.ts';
import { RtcError } from './rtc-host.ts';
import type { RtcCandidate, RtcChannel, RtcHost, RtcLink } from './rtc-host.ts';
import { encodeSignal, MAX_SIGNAL_BYTES, SignalReader, type Signal } from './signals.ts';

/** An open channel and the peer connection it belongs to. */
export interface Negotiated {
  readonly link: RtcLink;
  readonly channel: RtcChannel;
}

/**
 * One conversation over `stream`, from the offer to the open channel; whoever offers speaks first. The stream is not closed here, and when this
 * rejects no peer connection is left. Rejects with `RtcError`, or the signal's reason.
 */
export async function negotiate(host: RtcHost, role: 'offer' | 'answer', stream: Stream, signal: AbortSignal): Promise<Negotiated> {
  stream.maxWriteBufferLength = MAX_SIGNAL_BYTES;
  const reader = new StreamReader(stream, MAX_SIGNAL_BYTES);
  const signals = new SignalReader((length, stop) => reader.read(length, stop));
  const over = new AbortController();
  const onAbort = () => over.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let link: RtcLink | undefined;
  const say = (what: Signal) => void stream.send(encodeSignal(what));
  try {
    signal.throwIfAborted();
    // A page is asked only for somebody who has something to offer.
    const offer = role === 'answer' ? await description(signals, 'offer', over.signal) : undefined;
    let told = 0;
    const onCandidate = ({ candidate, mid }: RtcCandidate) => {
      if (!over.signal.aborted && told++ < MAX_CANDIDATES) trySay(() => say({ kind: 'candidate', candidate, mid }));
    };
    const opened = host.open(role, onCandidate);
    link = opened;
    if (offer !== undefined) opened.describe(offer);
    say({ kind: role, description: await within(opened.description, over.signal) });
    const channel = within(opened.channel, over.signal);
    const reading = read(signals, role, opened, over.signal);
    // Whatever ends the reading before the channel is open ends it all; that the other side is done, or gone, does not.
    const open = await Promise.race([channel, reading.then(() => channel)]);
    trySay(() => say({ kind: 'done' }));
    return { link: opened, channel: open };
  } catch (error) {
    link?.close();
    if (signal.aborted) throw signal.reason as Error;
    if (error instanceof RtcError) throw error;
    throw new RtcError(error instanceof StreamError && error.code === 'too-large' ? 'malformed' : 'failed', error instanceof Error ? error.message : String(error));
  } finally {
    signal.removeEventListener('abort', onAbort);
    over.abort(new RtcError('closed'));
  }
}

async function description(signals: SignalReader, kind: 'offer' | 'answer', signal: AbortSignal): Promise<string> {
  const first = await signals.next(signal);
  if (first.kind !== kind) throw new RtcError('malformed', `${first.kind} instead of ${kind}`);
  return first.description;
}

/** Hands on what the other side says, until it is done. Its stream's end is no fault: the channel may be open there already. */
async function read(signals: SignalReader, role: 'offer' | 'answer', link: RtcLink, signal: AbortSignal): Promise<void> {
  let described = role === 'answer';
  for (;;) {
    let next: Signal;
    try {
      next = await signals.next(signal);
    } catch (error) {
      if (error instanceof StreamError && described && error.code !== 'too-large') return;
      throw error;
    }
    if (next.kind === 'answer' && !described) {
      described = true;
      link.describe(next.description);
    } else if (next.kind === 'candidate' && described) link.addCandidate(next);
    else if (next.kind === 'done' && described) return;
    else throw new RtcError('malformed', `${next.kind} out of turn`);
  }
}

/** A stream that is gone says so to its reader. */
function trySay(say: () => void): void {
  try {
    say();
  } catch {
    // As above.
  }
}

function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
