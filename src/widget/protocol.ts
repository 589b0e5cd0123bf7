/**
 * What host page and frame say to each other. The first two messages go between windows; everything else goes over the `MessagePort`
 * that the second one hands over. All values are plain data (`plain-data.ts`).
 * @module
 */

import type { ConfirmAnswer, ConfirmRequest } from './confirm-messages.ts';

/** The versions of this protocol that this code speaks. */
export const VERSIONS: readonly number[] = [1];

/** Bytes of one message, roughly: a text counts two for each character. */
export const MAX_MESSAGE = 65_536;
/** Requests of one host that are not answered yet. */
export const MAX_OPEN = 32;
/** Messages that the frame takes in a second; each further one is answered with `busy`. */
export const MAX_PER_SECOND = 20;
/** Addresses of which a host may ask the balance without a grant. */
export const MAX_ADDRESSES = 20;

/** The frame's first message. It holds no secret, so it is the only one that goes to whoever embeds the frame. */
export interface Hello {
  readonly petrel: 1;
  /** 32 hex digits; the answer repeats them. */
  readonly hello: string;
}

/** The element's answer, with a port. */
export interface Welcome {
  readonly petrel: 1;
  readonly nonce: string;
  readonly versions: readonly number[];
  readonly options: WidgetOptions;
}

export type View = 'balance' | 'history' | 'pay' | 'status';

/** The attributes of the element as texts; the frame checks them. */
export interface WidgetOptions {
  readonly network?: string | undefined;
  readonly address?: string | undefined;
  readonly view?: string | undefined;
  /** In NIM, a decimal text. */
  readonly amount?: string | undefined;
  readonly recipient?: string | undefined;
  readonly message?: string | undefined;
  readonly theme?: string | undefined;
  readonly lang?: string | undefined;
  /** The host lets the page go to `/confirm` and come back. */
  readonly redirect?: boolean | undefined;
  /** The host is cross-origin isolated: a window that the frame opens cannot talk to it. */
  readonly isolated?: boolean | undefined;
  /** What `/confirm` answered after the page went there and came back. */
  readonly returned?: Returned | undefined;
}

export interface Returned {
  readonly request: ConfirmRequest;
  readonly answer: ConfirmAnswer;
}

export type ToFrame =
  | { readonly id: number; readonly method: string; readonly params?: unknown }
  | { readonly abort: number }
  | { readonly options: WidgetOptions };

export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly reason: string };
}

export type FromFrame =
  | { readonly ready: number }
  | { readonly refused: string }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: WireError }
  | { readonly event: FrameEvent; readonly data: unknown };

/** `redirect` asks the element to go to `/confirm`; the others become events of the element with `petrel-` before the name. */
export type FrameEvent = 'status' | 'balance' | 'payment' | 'error' | 'resize' | 'redirect';

/** What `petrel-payment` tells. `rejected`: the person refused. */
export interface PaymentEvent {
  readonly state: 'sent' | 'included' | 'confirmed' | 'expired' | 'reverted' | 'rejected';
  /** Of the transaction, 64 hex digits; not there if there is none. */
  readonly hash?: string | undefined;
  /** The block that holds the transaction. */
  readonly blockHeight?: number | undefined;
}
