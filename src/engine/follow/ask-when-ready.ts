/**
 * Questions that come before the client can answer: they wait while it connects and syncs.
 * @module
 */
import { QuestionError } from '../questions.ts';

/** `ready`: it follows the chain with a peer. `on-its-way`: it connects or syncs. `unreachable`: no address answers. `stopped`: nothing will change by waiting. */
export type Readiness = 'ready' | 'on-its-way' | 'unreachable' | 'stopped';

export interface ReadyOptions {
  readonly readiness: () => Readiness;
  readonly hasPeers: () => boolean;
  /** Calls the listener after each change of the status; returns what ends that. */
  readonly onStatus: (listener: () => void) => () => void;
  /** The deadline of the question. */
  readonly signal: AbortSignal;
}

/** Reasons of `no-answer`, beside those without an asked peer, that end with the sync: a signer set or a block is not proven here yet. */
const TOO_EARLY: readonly unknown[] = ['cycle-unproven', 'not-proven'];

/**
 * Asks at once, and again when a peer is there and when the client is ready, if the answer before was that nothing is here yet. Rejects with `QuestionError` `no-peers`
 * where no address answers, with the last error where waiting is of no use, or with the signal's reason.
 */
export async function askWhenReady<T>(ask: () => Promise<T>, options: ReadyOptions): Promise<T> {
  const { readiness, hasPeers, signal } = options;
  for (;;) {
    const hadPeers = hasPeers();
    // Before the question: what is not here then may be here when it is answered.
    const before = readiness();
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!isTooEarly(error) || before === 'ready' || before === 'stopped') throw error;
      // A peer is enough for a question that needs no block of ours; it is asked for the other ones only when all is there.
      const isWorthIt = () => (error.code === 'no-peers' && !hadPeers && hasPeers()) || readiness() !== 'on-its-way';
      while (!isWorthIt()) await nextStatus(options);
      if (readiness() === 'unreachable') throw error.code === 'no-peers' ? error : new QuestionError('no-peers');
      if (readiness() === 'stopped') throw error;
    }
  }
}

function isTooEarly(error: unknown): error is QuestionError {
  if (!(error instanceof QuestionError)) return false;
  return error.code === 'no-peers' || (error.code === 'no-answer' && (error.data['asked'] === 0 || TOO_EARLY.includes(error.data['reason'])));
}

function nextStatus({ onStatus, signal }: ReadyOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      off();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => done(() => reject(signal.reason as Error));
    const off = onStatus(() => done(resolve));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
