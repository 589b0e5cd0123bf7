import type { ConfirmAnswer, ConfirmRequest } from '../widget/confirm-messages.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';
import type { Confirming } from './confirm-window.ts';

/** `waiting`: for a click. `open`: `/confirm` is open. `not-opened`: the browser gave no window. `away`: the host's page goes to `/confirm`. */
export type Stage = 'waiting' | 'open' | 'not-opened' | 'away';

export interface Ask {
  readonly request: ConfirmRequest;
  readonly stage: Stage;
}

interface Entry {
  ask: Ask;
  readonly resolve: (answer: ConfirmAnswer) => void;
  readonly reject: (error: unknown) => void;
  confirming?: Confirming | undefined;
}

export interface AsksOptions {
  /** As `openConfirm`, for this frame's window. */
  readonly open: (request: ConfirmRequest) => Confirming | undefined;
  /** Sends the host's page to `/confirm`; undefined if the host does not want that. */
  readonly redirect: () => ((request: ConfirmRequest) => void) | undefined;
}

/**
 * What the host asks for and a person must confirm. One is shown at a time, in the order in which they came; a click opens `/confirm` for
 * it. The answer is what `/confirm` says, or 4001.
 */
export class Asks {
  readonly #options: AsksOptions;
  readonly #queue: Entry[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(options: AsksOptions) {
    this.#options = options;
  }

  /** The one that is shown. */
  get current(): Ask | undefined {
    return this.#queue[0]?.ask;
  }

  /** How many wait behind it. */
  get behind(): number {
    return Math.max(0, this.#queue.length - 1);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** @throws ProviderError 4001 if the person refuses; the signal's reason if the host takes it back. */
  ask(request: ConfirmRequest, signal?: AbortSignal): Promise<ConfirmAnswer> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const entry: Entry = { ask: { request, stage: 'waiting' }, resolve, reject };
      this.#queue.push(entry);
      signal?.addEventListener('abort', () => this.#end(entry, () => reject(signal.reason)), { once: true });
      this.#changed();
    });
  }

  /** For the one that is shown; to be called in a click. A window that is open already is brought to the front. */
  open(): void {
    const entry = this.#queue[0];
    if (!entry) return;
    if (entry.confirming) return entry.confirming.focus();
    const redirect = this.#options.redirect();
    if (redirect) {
      this.#stage(entry, 'away');
      return redirect(entry.ask.request);
    }
    const confirming = this.#options.open(entry.ask.request);
    entry.confirming = confirming;
    if (!confirming) {
      // Once more on the person's word; a third time would not help.
      if (entry.ask.stage === 'not-opened') return this.#end(entry, () => entry.reject(new ProviderError(codes.rejected, 'not-opened')));
      return this.#stage(entry, 'not-opened');
    }
    this.#stage(entry, 'open');
    confirming.answer.then(
      (answer) => this.#end(entry, () => settle(entry, answer)),
      (error: unknown) => this.#end(entry, () => entry.reject(error)),
    );
  }

  /** The person refuses in the frame. */
  refuse(): void {
    const entry = this.#queue[0];
    if (entry) this.#end(entry, () => entry.reject(new ProviderError(codes.rejected, 'rejected')));
  }

  #end(entry: Entry, settleIt: () => void): void {
    const at = this.#queue.indexOf(entry);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    settleIt();
    entry.confirming?.close();
    this.#changed();
  }

  #stage(entry: Entry, stage: Stage): void {
    entry.ask = { ...entry.ask, stage };
    this.#changed();
  }

  #changed(): void {
    for (const listener of Array.from(this.#listeners)) listener();
  }
}

function settle({ resolve, reject }: Entry, answer: ConfirmAnswer): void {
  if (answer.kind === 'refused') reject(refusalOf(answer));
  else resolve(answer);
}

/** The error with which a refused request ends. */
export function refusalOf({ reason, field }: Extract<ConfirmAnswer, { kind: 'refused' }>): ProviderError {
  const code = { rejected: codes.rejected, 'bad-request': codes.badParams, 'no-account': codes.unauthorised }[reason];
  return new ProviderError(code, reason, field);
}
