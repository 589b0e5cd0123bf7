import type { PetrelWidget } from './element.ts';

/** A wallet of this page in the form of EIP-1193. Methods and their results: `docs/widget.md`. */
export interface PetrelProvider {
  /** @throws ProviderError */
  request(request: { readonly method: string; readonly params?: unknown }): Promise<unknown>;
  on(event: ProviderEvent, listener: (detail: unknown) => void): PetrelProvider;
  removeListener(event: ProviderEvent, listener: (detail: unknown) => void): PetrelProvider;
}

/** `connect`: the frame is ready. `disconnect`: it failed, or a request could not be served. */
export type ProviderEvent = 'connect' | 'disconnect' | 'status' | 'balance' | 'payment';

const eventNames: Readonly<Record<ProviderEvent, string>> = { connect: 'petrel-ready', disconnect: 'petrel-error', status: 'petrel-status', balance: 'petrel-balance', payment: 'petrel-payment' };

/** What is announced: who offers it, and the provider. */
export interface AnnouncedProvider {
  readonly info: { readonly uuid: string; readonly name: string; readonly rdns: string };
  readonly provider: PetrelProvider;
}

const ANNOUNCE = 'petrel:announceProvider';
const REQUEST = 'petrel:requestProvider';

export function providerOf(widget: Pick<PetrelWidget, 'request' | 'addEventListener' | 'removeEventListener'>): PetrelProvider {
  const wrapped = new Map<ProviderEvent, Map<(detail: unknown) => void, EventListener>>();
  const provider: PetrelProvider = {
    request: (request) => widget.request(request),
    on(event, listener) {
      const listeners = wrapped.get(event) ?? new Map<(detail: unknown) => void, EventListener>();
      wrapped.set(event, listeners);
      if (!Object.hasOwn(eventNames, event) || listeners.has(listener)) return provider;
      const wrapper: EventListener = (told) => listener((told as CustomEvent).detail);
      listeners.set(listener, wrapper);
      widget.addEventListener(eventNames[event], wrapper);
      return provider;
    },
    removeListener(event, listener) {
      const wrapper = wrapped.get(event)?.get(listener);
      if (wrapper) widget.removeEventListener(eventNames[event], wrapper);
      wrapped.get(event)?.delete(listener);
      return provider;
    },
  };
  return Object.freeze(provider);
}

/** Offers the provider to this page's code in the style of EIP-6963: now, and to whoever asks later. The returned function ends it. */
export function announceProvider(widget: Parameters<typeof providerOf>[0], target: EventTarget = globalThis as unknown as EventTarget): () => void {
  const detail: AnnouncedProvider = Object.freeze({ info: Object.freeze({ uuid: crypto.randomUUID(), name: 'Petrel', rdns: 'petrel.widget' }), provider: providerOf(widget) });
  const announce = () => void target.dispatchEvent(new CustomEvent(ANNOUNCE, { detail }));
  target.addEventListener(REQUEST, announce);
  announce();
  return () => target.removeEventListener(REQUEST, announce);
}

/** Calls `found` with every provider that is announced, those that are there already and those that come. The returned function ends it. */
export function findProviders(found: (announced: AnnouncedProvider) => void, target: EventTarget = globalThis as unknown as EventTarget): () => void {
  const listen: EventListener = (event) => found((event as CustomEvent<AnnouncedProvider>).detail);
  target.addEventListener(ANNOUNCE, listen);
  target.dispatchEvent(new CustomEvent(REQUEST));
  return () => target.removeEventListener(ANNOUNCE, listen);
}
