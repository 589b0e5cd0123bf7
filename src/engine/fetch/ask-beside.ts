import type { Clock } from '../../base/clock.ts';
import { joinSignals } from '../../base/tasks.ts';
import { withTimeout } from '../../base/with-timeout.ts';

/**
 * Milliseconds that the peer asked last may be silent before the next peer is asked in parallel. On a good line an answer takes a tenth of
 * that.
 */
export const askPatience = 2000;
/** Peers that are asked the same question at once: with two silent peers, one more still answers. */
export const maxBeside = 3;

export interface AskBesideOptions<Peer, Answer> {
  readonly clock: Clock;
  /**
   * Returns the peer to ask next, best first; each peer returned is asked. Undefined: there is none. It is called again while peers are
   * being asked, because peers join and leave.
   */
  readonly next: () => Peer | undefined;
  readonly ask: (peer: Peer, signal: AbortSignal) => Promise<Answer>;
  readonly signal?: AbortSignal | undefined;
  /** Peers asked at once. Default: `maxBeside`. */
  readonly most?: number | undefined;
  /** Milliseconds to wait for the peer asked last before one more is asked in parallel to the `asking` ones. Default: `askPatience`. */
  readonly patience?: ((asking: number) => number) | undefined;
}

/**
 * Asks one peer after the other, and does not wait for a silent one: the next peer is then asked in parallel. Yields answers as they come.
 * While the consumer handles an answer no further peer is asked; when the consumer stops iterating, the other requests are aborted. At most
 * `most` answers are held. Throws what `ask` throws.
 */
export async function* askBeside<Peer, Answer>({ clock, next, ask, signal, most = maxBeside, patience = () => askPatience }: AskBesideOptions<Peer, Answer>): AsyncGenerator<{ readonly peer: Peer; readonly answer: Answer }, void, undefined> {
  const own = new AbortController();
  const joined = joinSignals(signal, own.signal);
  const asking = new Set<Promise<{ readonly answer: () => Answer; readonly peer: Peer; readonly over: () => void }>>();
  const start = (peer: Peer): void => {
    // Never rejects, so that a request that is no longer awaited causes no unhandled rejection.
    const question = ask(peer, joined.signal).then(
      (answer) => ({ peer, answer: () => answer, over: () => asking.delete(question) }),
      (error: unknown) => ({ peer, answer: () => { throw error; }, over: () => asking.delete(question) }),
    );
    asking.add(question);
  };
  let lastAsked = clock.monotonic();
  try {
    for (;;) {
      signal?.throwIfAborted();
      let left = asking.size === 0 ? 0 : lastAsked + patience(asking.size) - clock.monotonic();
      if (left <= 0 && asking.size < most) {
        const peer = next();
        if (peer !== undefined) {
          lastAsked = clock.monotonic();
          start(peer);
          continue;
        }
        left = askPatience;
      }
      if (asking.size === 0) return;
      const first = Promise.race(asking);
      const settled = asking.size < most ? await withTimeout(clock, left, first) : await first;
      if (!settled) continue;
      settled.over();
      yield { peer: settled.peer, answer: settled.answer() };
    }
  } finally {
    own.abort(new Error('no longer wanted'));
    joined.release();
  }
}
