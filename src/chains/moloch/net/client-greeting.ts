/**
 * The client's side of the handshake, in both profiles (Moloch reference, 2.9 and 4.3).
 * @module
 */

import { fromHex } from '../../../base/bytes.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { VerifySignature } from '../chain/verify-signature.ts';
import { encodeBody, encodeFrame, type MolochMessage } from '../wire/frame.ts';
import { OWN_VERSION, refuseGreeting, type Refusal } from './greeting-rules.ts';
import type { NodeKey } from './node-key.ts';
import type { NonceMemory } from './nonce-memory.ts';
import { ackTranscript, authTranscript, plainAckText, plainHelloText } from './transcripts.ts';

export interface GreetingOptions {
  /** The profile: `moloch-ext.1`, or `moloch.1`. */
  readonly extended: boolean;
  readonly own: NodeKey;
  readonly chainId: string;
  /** Hash of the genesis block. */
  readonly genesis: string;
  /** What we hold. */
  readonly head: { readonly height: number; readonly id: string };
  readonly clock: Clock;
  readonly random: Random;
  readonly nonces: NonceMemory;
  readonly verify: VerifySignature;
}

/** A server that kept all rules of the handshake. */
export interface Greeted {
  readonly key: string;
  /** What it says that it holds. */
  readonly height: number | undefined;
  readonly head: string | undefined;
  /** What must be sent to it; undefined in the plain profile. */
  readonly answer: MolochMessage | undefined;
}

/** The id of the first message of a connection. Requests have others. */
const HELLO_ID = 1n;

/** One handshake. */
export class ClientGreeting {
  readonly #options: GreetingOptions;
  readonly #nonce: Uint8Array;
  /** The first message, to be sent as it is. */
  readonly hello: MolochMessage;

  constructor(options: GreetingOptions) {
    this.#options = options;
    this.#nonce = options.random.bytes(32);
    const { extended, own, chainId, genesis, head, clock } = options;
    const fields = { id: HELLO_ID, version: OWN_VERSION, chainId, key: own.key, height: head.height, head: head.id, time: clock.now() };
    this.hello = extended
      ? { kind: 'ExtHello', ...fields, nonce: this.#nonce, genesis }
      : { kind: 'Hello', ...fields, signature: own.sign(plainHelloText(fields)) };
  }

  /** Checks the server's first message. */
  async take(message: MolochMessage): Promise<Greeted | { readonly refusal: Refusal }> {
    const { extended, own, chainId, genesis, clock, nonces, verify } = this.#options;
    if (message.kind !== (extended ? 'ExtHelloAck' : 'HelloAck') || message.requestId !== HELLO_ID) return { refusal: { reason: 'Protocol', text: 'message' } };
    const refusal = refuseGreeting(message, { chainId, genesis, ownKey: own.key, ownNonce: this.#nonce, now: clock.now(), takeNonce: (nonce) => nonces.take(nonce) });
    if (refusal !== undefined) return { refusal };
    const hello = encodeBody(this.hello);
    const ack = encodeBody(message);
    const signed = message.kind === 'ExtHelloAck' ? ackTranscript(hello, ack) : plainAckText(message);
    if (!(await verify(fromHex(message.key), signed, message.signature))) return { refusal: { reason: 'Misbehaviour', text: 'signature' } };
    const answer: MolochMessage | undefined = extended ? { kind: 'ExtAuth', requestId: HELLO_ID, signature: own.sign(authTranscript(hello, ack)) } : undefined;
    return { key: message.key, height: message.height, head: message.head, answer };
  }
}

/** The frame with which a side ends a connection. */
export function goodbyeFrame({ reason, text }: Refusal): Uint8Array {
  return encodeFrame({ kind: 'Goodbye', reason, text });
}
