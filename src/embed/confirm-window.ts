import type { ConfirmAnswer, ConfirmHello, ConfirmRequest } from '../widget/confirm-messages.ts';
import { fieldsOf } from '../widget/plain-data.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';
import { readAnswer } from './read-answer.ts';

/** Milliseconds between two looks whether the person closed the window; the browser has no event for it. */
const LOOK = 1_000;

/** The opened window, as far as it is needed. */
export type Popup = Pick<Window, 'closed' | 'focus' | 'close' | 'postMessage'>;

/** The parts of the frame's window that opening `/confirm` needs. */
export interface OpenerWindow {
  readonly origin: string;
  open(url: string, target: string, features: string): Popup | null;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void, options: { readonly signal: AbortSignal }): void;
}

export interface Confirming {
  /** Rejects with 4001 if the person closes the window. */
  readonly answer: Promise<ConfirmAnswer>;
  focus(): void;
  close(): void;
}

/**
 * Opens `/confirm` for a request; to be called in a click, or the browser opens nothing. `undefined`: `open` gave no window. That may mean
 * that it was blocked, or that it is there and cannot talk to this frame; so it must not be called again without another click.
 * @param every calls a function again and again, until the returned function is called.
 */
export function openConfirm(window: OpenerWindow, url: string, request: ConfirmRequest, every: (milliseconds: number, call: () => void) => () => void): Confirming | undefined {
  const popup = window.open(url, '_blank', 'popup,width=460,height=760');
  if (!popup) return undefined;
  const ended = new AbortController();
  const ports: MessagePort[] = [];
  const answer = new Promise<ConfirmAnswer>((resolve, reject) => {
    const take = (data: unknown) => {
      const read = readAnswer(data, request);
      if (read) resolve(read);
    };
    window.addEventListener(
      'message',
      ({ data, origin, source }) => {
        if (source !== popup || origin !== window.origin || fieldsOf(data)?.['petrelConfirm' satisfies keyof ConfirmHello] !== 1) return;
        // A window that was reloaded asks again.
        const { port1, port2 } = new MessageChannel();
        ports.push(port1);
        port1.addEventListener('message', (event) => take(event.data));
        port1.start();
        popup.postMessage({ petrelRequest: request }, window.origin, [port2]);
      },
      { signal: ended.signal },
    );
    let closed = false;
    const stop = every(LOOK, () => {
      // An answer may still be on its way when the window is found closed for the first time.
      if (closed) reject(new ProviderError(codes.rejected, 'closed'));
      closed = popup.closed;
    });
    ended.signal.addEventListener('abort', () => {
      stop();
      reject(new ProviderError(codes.rejected, 'closed'));
    });
  });
  const end = () => {
    ended.abort();
    for (const port of ports) port.close();
  };
  answer.then(end, end);
  return {
    answer,
    focus: () => popup.focus(),
    close() {
      popup.close();
      end();
    },
  };
}
