import type { Clock } from '../../base/clock.ts';
import { withTimeout } from '../../base/with-timeout.ts';
import { Overtaken } from './overtaken.ts';

/**
 * Milliseconds that the peer asked last may be silent before the next peer is asked in parallel. On a good line an answer takes a tenth of
 * that.
 */
export const askPatience = 2000;
/** Peers that are asked the same question at once: with two silent peers, one more still answers. */
export const maxBeside = 3;

/**
 * Where a question is. `waiting`: it waits for something of ours, such as a rate limit. `sent`: the peer has to answer. `answered`: the
 * answer is being checked. Only a peer that has to answer can be silent.
 */
export type AskState = 'waiting' | 'sent' | 'answered';

export interface AskBesideOptions<Peer, Answer> {
  readonly clock: Clock;
  /**
   * Returns the peer to ask next, best first; each peer returned is asked. Undefined: there is none. It is called again while peers are
   * being asked, because peers join and leave.
   */
  readonly next: () => Peer | undefined;
  /** `at` tells where the question is. A question of which nothing is told counts as `sent`. */
  readonly ask: (peer: Peer, signal: AbortSignal, at: (state: AskState) => void) => Promise<Answer>;
  readonly signal?: AbortSignal | undefined;
  /** Peers asked at once. Default: `maxBeside`. */
  readonly most?: number | undefined;
  /** Milliseconds to wait for the peer asked last before one more is asked in parallel to the `asking` ones. Default: `askPatience`. */
  readonly patience?: ((asking: number) => number) | undefined;
}

interface Question<Peer, Answer> {
  readonly peer: Peer;
  readonly controller: AbortController;
  readonly order: number;
  state: AskState;
  /** Monotonic milliseconds since when it is in this state. */
  since: number;
  settled: Promise<{ readonly question: Question<Peer, Answer>; readonly answer: () => Answer }>;
}

/**
 * Asks one peer after the other, and does not wait for a silent one: the next peer is then asked in parallel. Yields answers as they come.
 * While the consumer handles an answer no further peer is asked. When the consumer stops iterating, the other requests are aborted: those
 * of peers that were asked before the one that answered last with `Overtaken`. At most `most` answers are held. Throws what `ask` throws.
 */
export async function* askBeside<Peer, Answer>({ clock, next, ask, signal, most = maxBeside, patience = () => askPatience }: AskBesideOptions<Peer, Answer>): AsyncGenerator<{ readonly peer: Peer; readonly answer: Answer }, void, undefined> {
  const asking = new Set<Question<Peer, Answer>>();
  const stop = () => {
    for (const { controller } of asking) controller.abort(signal?.reason);
  };
  let asked = 0;
  let latest: Question<Peer, Answer> | undefined;
  const start = (peer: Peer): void => {
    const question = { peer, controller: new AbortController(), order: (asked += 1), state: 'sent', since: clock.monotonic() } as Question<Peer, Answer>;
    const at = (state: AskState) => {
      question.state = state;
      question.since = clock.monotonic();
    };
    // Never rejects, so that a request that is no longer awaited causes no unhandled rejection.
    question.settled = ask(peer, question.controller.signal, at).then(
      (answer) => ({ question, answer: () => answer }),
      (error: unknown) => ({ question, answer: () => { throw error; } }),
    );
    asking.add(question);
    latest = question;
  };
  /** Milliseconds until the next peer is asked. */
  const left = (): number => {
    if (asking.size === 0 || !latest) return 0;
    if (latest.state !== 'sent' || Array.from(asking).some(({ state }) => state === 'answered')) return askPatience;
    return latest.since + patience(asking.size) - clock.monotonic();
  };
  /** The order of the peer that answered last. */
  let answered = 0;
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      signal?.throwIfAborted();
      let wait = left();
      if (wait <= 0 && asking.size < most) {
        const peer = next();
        if (peer !== undefined) {
          start(peer);
          continue;
        }
        wait = askPatience;
      }
      if (asking.size === 0) return;
      const first = Promise.race(Array.from(asking, ({ settled }) => settled));
      const settled = asking.size < most ? await withTimeout(clock, wait, first) : await first;
      if (!settled) continue;
      asking.delete(settled.question);
      answered = settled.question.order;
      yield { peer: settled.question.peer, answer: settled.answer() };
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    for (const { controller, order, state } of asking) controller.abort(order < answered && state === 'sent' ? new Overtaken() : new Error('no longer wanted'));
  }
}
