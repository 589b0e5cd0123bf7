import type { ConfirmRequest } from './confirm-messages.ts';
import { FrameLink } from './frame-link.ts';
import type { FrameEvent, WidgetOptions } from './protocol.ts';
import { codes, ProviderError } from './provider-error.ts';
import { goToConfirm, takeReturned } from './redirect.ts';

const texts = ['src', 'network', 'address', 'view', 'amount', 'recipient', 'message', 'theme'] as const;
const attributes = [...texts, 'lang', 'redirect'];

/** Milliseconds that a loaded frame has for its first word. */
const SILENCE = 20_000;

const SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms';
const STYLE = `
:host { display: grid; max-width: 100%; min-width: 0; contain: content; }
:host([hidden]) { display: none; }
slot, iframe { grid-area: 1 / 1; }
iframe { border: 0; border-radius: 12px; color-scheme: normal; height: 11rem; max-height: inherit; opacity: 0; width: 100%; }
[data-state=ready] { opacity: 1; }
[data-state=ready] + slot { display: none; }`;

/** Of the script that defines the element, if it is one of its own (`widget.js`); there the frame's page stands beside it. */
const script = (globalThis.document as Document | undefined)?.currentScript as HTMLScriptElement | null | undefined;

const cannotStart = (reason: string) => `The wallet widget cannot start here (${reason}).`;

/** Reading this file in Node must not fail. */
const Base = (globalThis.HTMLElement ?? Object) as typeof HTMLElement;

/**
 * `<petrel-widget>`: a frame of another origin that shows an address with proofs and asks its owner for payments. The element only passes
 * on what the frame says. Its attributes are `src` (the address of `/embed`), `network`, `address`, `view` (`balance`, `history`, `pay`,
 * `status`), `amount` (NIM, a decimal text), `recipient`, `message`, `theme` (`light`, `dark`), `lang` and `redirect`; each is a property,
 * too. Its events are `petrel-ready`, `petrel-status`, `petrel-balance`, `petrel-payment`, `petrel-error` and `petrel-resize`; they do not
 * bubble. What is inside the element is shown until the frame is ready.
 */
export class PetrelWidget extends Base {
  static readonly observedAttributes = attributes;
  #link: FrameLink | undefined;
  #ended: AbortController | undefined;
  #destroyed = false;
  #placed = false;
  /** Why there is no frame. */
  #why = 'removed';

  get src(): string {
    return textOf(this, 'src');
  }
  set src(value: string | null | undefined) {
    setText(this, 'src', value);
  }
  get network(): string {
    return textOf(this, 'network');
  }
  set network(value: string | null | undefined) {
    setText(this, 'network', value);
  }
  get address(): string {
    return textOf(this, 'address');
  }
  set address(value: string | null | undefined) {
    setText(this, 'address', value);
  }
  get view(): string {
    return textOf(this, 'view');
  }
  set view(value: string | null | undefined) {
    setText(this, 'view', value);
  }
  get amount(): string {
    return textOf(this, 'amount');
  }
  set amount(value: string | null | undefined) {
    setText(this, 'amount', value);
  }
  get recipient(): string {
    return textOf(this, 'recipient');
  }
  set recipient(value: string | null | undefined) {
    setText(this, 'recipient', value);
  }
  get message(): string {
    return textOf(this, 'message');
  }
  set message(value: string | null | undefined) {
    setText(this, 'message', value);
  }
  get theme(): string {
    return textOf(this, 'theme');
  }
  set theme(value: string | null | undefined) {
    setText(this, 'theme', value);
  }
  /** The host lets the page go to `/confirm` and come back, where a window could not talk to the frame. */
  get redirect(): boolean {
    return this.hasAttribute('redirect');
  }
  set redirect(value: boolean) {
    this.toggleAttribute('redirect', value);
  }

  /** Messages that were ignored because of their origin, window or form. */
  get ignoredMessages(): number {
    return this.#link?.ignored ?? 0;
  }

  connectedCallback(): void {
    this.#placed = !this.#destroyed;
    if (this.#placed) this.#start();
  }

  disconnectedCallback(): void {
    this.#placed = false;
    this.#stop('removed');
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.#placed) return;
    // Another network is another client.
    if (name !== 'src' && name !== 'network') return this.#link?.update();
    this.#stop('reloaded');
    this.#start();
  }

  /**
   * Asks the frame: `method` and `params` as in `docs/widget.md`. Waits for the frame if it is not ready.
   * @throws ProviderError with a code of EIP-1193 and `data.reason`, or the signal's reason.
   */
  async request({ method, params }: { readonly method: string; readonly params?: unknown }, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    if (!this.#link) throw new ProviderError(codes.disconnected, this.#why);
    // A frame below the fold has not been loaded yet.
    this.#frame!.loading = 'eager';
    return this.#link.calls.request(String(method), params, signal);
  }

  override focus(options?: FocusOptions): void {
    this.#frame?.focus(options);
  }

  /** Ends the frame for good. Open requests fail with 4900. */
  destroy(): void {
    this.#destroyed = true;
    this.#placed = false;
    this.#stop('destroyed');
  }

  get #frame(): HTMLIFrameElement | null | undefined {
    return this.shadowRoot?.querySelector('iframe');
  }

  #options(): WidgetOptions {
    const given = [...texts.slice(1), 'lang'].flatMap((name) => (this.hasAttribute(name) ? [[name, this.getAttribute(name)]] : []));
    return { ...(Object.fromEntries(given) as WidgetOptions), redirect: this.redirect, isolated: globalThis.crossOriginIsolated };
  }

  #start(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    if (root.adoptedStyleSheets.length === 0) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    }
    const url = addressOf(this.src || (script ? new URL('embed', script.src).href : ''));
    const frame = document.createElement('iframe');
    const slot = document.createElement('slot');
    root.replaceChildren(frame, slot);
    const fail = (reason: string) => {
      // Shown if the host put nothing into the element.
      slot.textContent = cannotStart(reason);
      this.#stop(reason);
      this.#tell('error', { code: codes.disconnected, reason });
    };
    // The frame could lift its own sandbox if it were of the host's origin.
    const wrong = !url ? 'bad-src' : url.origin === location.origin ? 'same-origin' : undefined;
    if (!url || wrong) return fail(wrong!);

    const ended = new AbortController();
    const { signal } = ended;
    this.#ended = ended;
    let returned = takeReturned(url.origin, globalThis);
    let silence: ReturnType<typeof setTimeout> | undefined;
    const link = new FrameLink({
      frame: () => frame.contentWindow,
      origin: url.origin,
      options: () => {
        const options = { ...this.#options(), ...(returned ? { returned } : {}) };
        returned = undefined;
        return options;
      },
      onReady: (version) => {
        clearTimeout(silence);
        frame.dataset['state'] = 'ready';
        this.#tell('ready', { version });
      },
      onRefused: fail,
      onEvent: (event, data) => {
        if (event === 'redirect') return this.#redirect(data as ConfirmRequest, new URL(`confirm${url.search}`, url));
        if (event === 'resize') frame.style.height = `${Number((data as { readonly height?: unknown } | null)?.height) || 0}px`;
        this.#tell(event, data);
      },
    });
    this.#link = link;
    addEventListener('message', (event) => link.receive(event), { signal });
    frame.addEventListener('load', () => {
      clearTimeout(silence);
      if (frame.dataset['state'] === 'ready') return;
      silence = setTimeout(() => fail('frame-silent'), SILENCE);
    });
    signal.addEventListener('abort', () => clearTimeout(silence));
    frame.title = 'Petrel wallet';
    frame.loading = 'lazy';
    frame.referrerPolicy = 'origin';
    frame.allow = 'publickey-credentials-get; clipboard-write; storage-access';
    frame.setAttribute('sandbox', SANDBOX);
    frame.src = url.href;
  }

  #stop(reason: string): void {
    this.#why = reason;
    this.#ended?.abort();
    this.#link?.close(reason);
    this.#link = undefined;
    this.#frame?.remove();
  }

  #redirect(request: ConfirmRequest, confirm: URL): void {
    if (!this.redirect) return;
    try {
      goToConfirm(request, confirm, globalThis);
    } catch {
      this.#tell('error', { code: codes.failed, reason: 'nothing-kept' });
    }
  }

  #tell(event: FrameEvent | 'ready', detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`petrel-${event}`, { detail }));
  }
}

function textOf(element: Element, name: string): string {
  return element.getAttribute(name) ?? '';
}

function setText(element: Element, name: string, value: string | null | undefined): void {
  if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function addressOf(text: string): URL | undefined {
  try {
    const url = new URL(text, location.href);
    return text !== '' && /^https?:$/u.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Defines `<petrel-widget>`, unless it is defined or there is no document (on a server). */
export function defineWidget(): void {
  const registry = (globalThis as { readonly customElements?: CustomElementRegistry }).customElements;
  if (registry && !registry.get('petrel-widget')) registry.define('petrel-widget', PetrelWidget);
}
