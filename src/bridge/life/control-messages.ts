/**
 * The messages on a tab's first port after the hello: lending of verifier workers and peer connections, signs of life, and the farewell. A
 * hub in a SharedWorker cannot start workers in Chromium and Safari, so the pages start them and transfer a port of each.
 * @module
 */

import { isPort, fieldsOf } from '../ports/port.ts';
import { readPresence, type Presence } from './presence.ts';
import { readRtcReport, type RtcReport, type RtcRequest } from '../ports/rtc-messages.ts';

/** The purpose of a verifier: zero-knowledge proofs (`zkp`), or everything else. */
const verifierPurposes = ['signatures', 'zkp'] as const;
export type VerifierPurpose = (typeof verifierPurposes)[number];

/** Hub to page. `id` is the hub's number for this verifier. */
export type VerifierRequest = { readonly kind: 'lend-verifier'; readonly id: number; readonly purpose: VerifierPurpose } | { readonly kind: 'return-verifier'; readonly id: number };

/** Hub to page. */
export type ControlRequest = VerifierRequest | RtcRequest;

/** Hub to page: the answer to a `ping`. Any other message is a sign of life as well. */
export interface Pong {
  readonly kind: 'pong';
}

/** Page to hub: about a verifier. */
export type VerifierReport =
  | { readonly kind: 'verifier'; readonly id: number; readonly port: MessagePort }
  /** The page cannot lend one, or the worker it lent has failed. */
  | { readonly kind: 'no-verifier'; readonly id: number };

/** Page to hub. */
export type ControlReport =
  | VerifierReport
  | RtcReport
  /** The page's state (visible, frozen, online …), at the beginning and whenever it changes. */
  | { readonly kind: 'presence'; readonly presence: Presence }
  /** The page has received nothing for a while and asks for a sign of life. */
  | { readonly kind: 'ping' }
  /** The page no longer needs the hub. */
  | { readonly kind: 'bye' };

/** Reads the hub's request about verifiers; `undefined` if it is something else. */
export function readVerifierRequest(data: unknown): VerifierRequest | undefined {
  const fields = fieldsOf(data);
  const { kind, id, purpose } = fields ?? {};
  if (typeof id !== 'number') return undefined;
  if (kind === 'return-verifier') return { kind, id };
  const known = verifierPurposes.find((each) => each === purpose);
  return kind === 'lend-verifier' && known ? { kind, id, purpose: known } : undefined;
}

/** Reads a page's report; `undefined` if it is not valid. */
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
