import { fieldsOf } from '../widget/plain-data.ts';
import { fromFragment, toFragment } from '../widget/fragment.ts';
import type { Clock } from '../base/clock.ts';
import type { ConfirmAnswer, ConfirmHello } from '../widget/confirm-messages.ts';
import { parseRequest, type ParsedRequest } from './parse-request.ts';
import { urlOf } from './url-of.ts';

/** What the page was opened for. */
export type Incoming =
  | { readonly kind: 'framed' | 'nothing' | 'bad-return' | 'other-site' }
  | {
      readonly kind: 'asked';
      readonly asked: ParsedRequest;
      /** Where the answer goes, once: back to the opener, whose window is then closed; or to the site, with this tab. */
      readonly way: 'window' | 'site';
      readonly reply: (answer: ConfirmAnswer) => void;
    };

/** The parts of the page's window that this needs. */
export interface ConfirmWindow {
  readonly self: unknown;
  readonly top: unknown;
  readonly opener: Pick<Window, 'postMessage'> | null;
  readonly location: Pick<Location, 'origin' | 'hash' | 'replace'>;
  readonly document: Pick<Document, 'referrer'>;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  close(): void;
}

/** Milliseconds in which an opener that has a request answers. */
const PATIENCE = 5_000;

/**
 * Finds the request. In a frame there is none: whoever frames the page could draw over it. From the fragment, the site that asks is the
 * origin of the URL to return to, and the browser has to say that the person comes from there: any other site could ask for a payment to
 * itself in the name of a site that people trust.
 */
export async function receive(window: ConfirmWindow, clock: Clock): Promise<Incoming> {
  if (window.top !== window.self) return { kind: 'framed' };
  const fragment = new URLSearchParams(window.location.hash.replace(/^#/u, ''));
  if (fragment.has('request')) return fromLink(window, fragment.get('return') ?? '');
  if (window.opener) return fromOpener(window, window.opener, clock);
  return { kind: 'nothing' };
}

function fromLink(window: ConfirmWindow, text: string): Incoming {
  const target = urlOf(text);
  if (!target || !['https:', 'http:'].includes(target.protocol) || target.username !== '' || target.password !== '') return { kind: 'bad-return' };
  if (urlOf(window.document.referrer)?.origin !== target.origin) return { kind: 'other-site' };
  return {
    kind: 'asked',
    way: 'site',
    asked: parseRequest(fromFragment(window.location.hash, 'request'), target.origin),
    reply(answer) {
      target.hash = new URLSearchParams({ answer: toFragment(answer) }).toString();
      // `replace`: the way back in the history does not lead to a request that was answered.
      window.location.replace(target.href);
    },
  };
}

function fromOpener(window: ConfirmWindow, opener: Pick<Window, 'postMessage'>, clock: Clock): Promise<Incoming> {
  const { origin } = window.location;
  return new Promise((resolve) => {
    const end = (incoming: Incoming): void => {
      cancel();
      window.removeEventListener('message', take);
      resolve(incoming);
    };
    const take = ({ data, origin: from, source, ports }: MessageEvent): void => {
      const [port] = ports;
      if (source !== opener || from !== origin || ports.length !== 1 || !port) return;
      const fields = fieldsOf(data);
      if (!fields || !Object.hasOwn(fields, 'petrelRequest')) return;
      end({
        kind: 'asked',
        way: 'window',
        asked: parseRequest(fields['petrelRequest']),
        reply(answer) {
          port.postMessage(answer);
          window.close();
        },
      });
    };
    const cancel = clock.after(PATIENCE, () => end({ kind: 'nothing' }));
    window.addEventListener('message', take);
    opener.postMessage({ petrelConfirm: 1 } satisfies ConfirmHello, origin);
  });
}
