import { plainCopy } from './plain-data.ts';
import { PortCalls } from './port-calls.ts';
import { type FrameEvent, VERSIONS, type Welcome, type WidgetOptions } from './protocol.ts';

export interface LinkOptions {
  /** The frame's window, as long as there is one. */
  readonly frame: () => unknown;
  /** The origin of the frame's page. No other origin is listened to or told anything. */
  readonly origin: string;
  readonly options: () => WidgetOptions;
  readonly onReady: (version: number) => void;
  /** The frame speaks no version of the protocol that this element speaks. */
  readonly onRefused: (reason: string) => void;
  readonly onEvent: (event: FrameEvent, data: unknown) => void;
  /** For tests of other versions. */
  readonly versions?: readonly number[] | undefined;
}

/** What `receive` needs of a message event. */
export type Received = Pick<MessageEvent, 'data' | 'origin' | 'source'>;

const events: ReadonlySet<unknown> = new Set<FrameEvent>(['status', 'balance', 'payment', 'error', 'resize', 'redirect']);

/** The element's end: hands the frame a port when it says hello, and again when it was reloaded. */
export class FrameLink {
  readonly calls = new PortCalls();
  /** Messages that were not as they should be: wrong origin, wrong window, wrong form. */
  ignored = 0;
  readonly #options: LinkOptions;
  #port: MessagePort | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Takes a `message` event of the host's window. Messages of other software are none of ours, and are not counted. */
  receive({ data, origin, source }: Received): void {
    const own = source !== null && source === this.#options.frame();
    const said = typeof data === 'object' && data !== null ? (data as { readonly petrel?: unknown; readonly hello?: unknown }) : {};
    if (!own && said.petrel === undefined) return;
    if (!own || origin !== this.#options.origin || said.petrel !== 1 || typeof said.hello !== 'string' || !/^[\da-f]{32}$/u.test(said.hello)) {
      this.ignored += 1;
      return;
    }
    this.#welcome(source as Window, said.hello);
  }

  /** Tells the frame that an attribute has changed. */
  update(): void {
    this.#port?.postMessage({ options: this.#options.options() }, []);
  }

  /** @param reason of the 4900 with which open requests fail. */
  close(reason: string): void {
    this.#port?.close();
    this.#port = undefined;
    this.calls.disconnect(reason);
  }

  #welcome(frame: Window, nonce: string): void {
    // Requests that wait for the first port stay; a second hello comes from a frame that was reloaded.
    if (this.#port) this.close('reloaded');
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.addEventListener('message', ({ data }) => this.#take(port1, data));
    port1.start();
    const welcome: Welcome = { petrel: 1, nonce, versions: this.#options.versions ?? VERSIONS, options: this.#options.options() };
    frame.postMessage(welcome, this.#options.origin, [port2]);
  }

  #take(port: MessagePort, data: unknown): void {
    const copy = plainCopy(data)?.value;
    const message = typeof copy === 'object' && copy !== null ? (copy as Readonly<Record<string, unknown>>) : {};
    if (port !== this.#port) return;
    if ('ready' in message && typeof message['ready'] === 'number') {
      this.calls.connect(port);
      this.#options.onReady(message['ready']);
    } else if (typeof message['refused'] === 'string') {
      this.calls.disconnect(message['refused']);
      this.#options.onRefused(message['refused']);
    } else if (events.has(message['event'])) this.#options.onEvent(message['event'] as FrameEvent, message['data']);
    else if (!this.calls.answer(message['id'], message)) this.ignored += 1;
  }
}
