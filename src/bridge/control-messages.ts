/**
 * What goes over a tab's first port after the hello: the lending of verifier workers and peer connections, signs of life, and the farewell. A hub in a SharedWorker cannot start
 * workers in Chromium and Safari, so the pages start them and transfer a port of each.
 * @module
 */

import { isPort, fieldsOf } from './port.ts';
import { readPresence, type Presence } from './presence.ts';
import { readRtcReport, type RtcReport, type RtcRequest } from './rtc-messages.ts';

/** What a verifier is for, and so which worker file it is: everything but zero-knowledge proofs, or those. */
const verifierPurposes = ['signatures', 'zkp'] as const;
export type VerifierPurpose = (typeof verifierPurposes)[number];

/** Hub to page. `id` is the hub's number for this verifier. */
export type VerifierRequest = { readonly kind: 'lend-verifier'; readonly id: number; readonly purpose: VerifierPurpose } | { readonly kind: 'return-verifier'; readonly id: number };

/** Hub to page. */
export type ControlRequest = VerifierRequest | RtcRequest;

/** Hub to page: the answer to a `ping`. Any other message shows life as well. */
export interface Pong {
  readonly kind: 'pong';
}

/** Page to hub: about a verifier. */
export type VerifierReport =
  | { readonly kind: 'verifier'; readonly id: number; readonly port: MessagePort }
  /** The page cannot, or the worker it lent has failed. */
  | { readonly kind: 'no-verifier'; readonly id: number };

/** Page to hub. */
export type ControlReport =
  | VerifierReport
  | RtcReport
  /** Where the page stands, at the beginning and whenever that changes. */
  | { readonly kind: 'presence'; readonly presence: Presence }
  /** The page has heard nothing for a while. */
  | { readonly kind: 'ping' }
  /** The page is done with the hub. */
  | { readonly kind: 'bye' };

/** Reads what the hub asked for of verifiers; `undefined` if it is nothing of that. */
export function readVerifierRequest(data: unknown): VerifierRequest | undefined {
  const fields = fieldsOf(data);
  const { kind, id, purpose } = fields ?? {};
  if (typeof id !== 'number') return undefined;
  if (kind === 'return-verifier') return { kind, id };
  const known = verifierPurposes.find((each) => each === purpose);
  return kind === 'lend-verifier' && known ? { kind, id, purpose: known } : undefined;
}

/** Reads what a page reported; `undefined` if it is nothing of ours. */
export function readControlReport(data: unknown): ControlReport | undefined {
  const { kind, id, port, ...rest } = fieldsOf(data) ?? {};
  if (kind === 'bye' || kind === 'ping') return { kind };
  if (kind === 'presence') {
    const presence = readPresence(rest['presence']);
    return presence && { kind, presence };
  }
  if (typeof id !== 'number') return undefined;
  if (kind === 'verifier' && isPort(port)) return { kind, id, port };
  return kind === 'no-verifier' ? { kind, id } : readRtcReport(data);
}
