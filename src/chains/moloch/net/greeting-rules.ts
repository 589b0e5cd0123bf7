/**
 * The rules for the first message of the other side: `ExtHello`, `ExtHelloAck`, and the plain `Hello` and `HelloAck` (Moloch reference, 2.9 and
 * 4.3). The signature of an ack is checked in `client-greeting.ts`.
 * @module
 */

import { equalBytes } from '../../../base/bytes.ts';
import type { GoodbyeReason, ProtocolVersion } from '../wire/plain-message.ts';

/** Milliseconds that the clocks of two nodes may differ (Moloch reference, 4.3). */
const MAX_CLOCK_DIFFERENCE = 60_000;
/** The version that we speak; another minor or patch version is compatible (Moloch reference, 2.9). */
export const OWN_VERSION: ProtocolVersion = { major: 1, minor: 0, patch: 0 };

/** What the one that refuses says in its Goodbye. */
export interface Refusal {
  readonly reason: GoodbyeReason;
  readonly text: 'version' | 'chain' | 'genesis' | 'clock' | 'reflected' | 'replay' | 'signature' | 'silence' | 'duplicate' | 'message';
}

/** What a greeting says of its sender. The plain profile has no genesis hash and no nonce. */
export interface Greeting {
  readonly version: ProtocolVersion;
  readonly chainId: string;
  /** The sender's node key. */
  readonly key: string;
  /** Unix milliseconds. */
  readonly time: number;
  readonly genesis?: string;
  readonly nonce?: Uint8Array;
}

/** What we compare it with. */
export interface Expected {
  readonly chainId: string;
  readonly genesis: string;
  readonly ownKey: string;
  readonly ownNonce: Uint8Array;
  /** Unix milliseconds. */
  readonly now: number;
  /** Notes a nonce; false if it was used in the last ten minutes. */
  readonly takeNonce: (nonce: Uint8Array) => boolean;
}

/** Why a greeting is refused; undefined if it is not. The nonce is noted only if everything else is right. */
export function refuseGreeting(greeting: Greeting, { chainId, genesis, ownKey, ownNonce, now, takeNonce }: Expected): Refusal | undefined {
  if (greeting.version.major !== OWN_VERSION.major) return { reason: 'Protocol', text: 'version' };
  if (greeting.chainId !== chainId) return { reason: 'Chain', text: 'chain' };
  if (greeting.genesis !== undefined && greeting.genesis !== genesis) return { reason: 'Chain', text: 'genesis' };
  if (Math.abs(greeting.time - now) > MAX_CLOCK_DIFFERENCE) return { reason: 'Timeout', text: 'clock' };
  if (greeting.key === ownKey) return { reason: 'Misbehaviour', text: 'reflected' };
  if (greeting.nonce === undefined) return undefined;
  if (equalBytes(greeting.nonce, ownNonce)) return { reason: 'Misbehaviour', text: 'reflected' };
  return takeNonce(greeting.nonce) ? undefined : { reason: 'Misbehaviour', text: 'replay' };
}
