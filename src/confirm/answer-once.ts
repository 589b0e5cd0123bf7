import type { ConfirmAnswer } from '../widget/confirm-messages.ts';

/** Lets one answer through: the first. A page that is closed without one has refused. */
export class AnswerOnce {
  readonly #reply: (answer: ConfirmAnswer) => void;
  #answered = false;

  constructor(reply: (answer: ConfirmAnswer) => void) {
    this.#reply = reply;
  }

  readonly answer = (answer: ConfirmAnswer): void => {
    if (this.#answered) return;
    this.#answered = true;
    this.#reply(answer);
  };

  /** For `pagehide`. A page that the browser keeps may come back. */
  closed(nonce: string, kept: boolean): void {
    if (!kept) this.answer({ nonce, kind: 'refused', reason: 'rejected' });
  }
}
