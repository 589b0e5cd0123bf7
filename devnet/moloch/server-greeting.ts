/**
 * A node's side of the handshake, in both profiles (Moloch reference, 2.9 and 4.3). It refuses everything that the reference says must be refused.
 * @module
 */

import { fromHex } from '../../src/base/bytes.ts';
import { refuseGreeting, type Refusal } from '../../src/chains/moloch/net/greeting-rules.ts';
import { ackTranscript, authTranscript, plainAckText, plainHelloText } from '../../src/chains/moloch/net/transcripts.ts';
import { encodeBody, type MolochMessage } from '../../src/chains/moloch/wire/frame.ts';
import { verifyEd25519Strict } from '../../src/crypto/ed25519-strict.ts';
import type { DevKey } from './dev-key.ts';

export interface ServerGreetingOptions {
  readonly extended: boolean;
  readonly key: DevKey;
  readonly chainId: string;
  readonly genesis: string;
  readonly head: { readonly height: number; readonly hash: string };
  /** Unix milliseconds, by the clock of the node. */
  readonly now: () => number;
  /** What it says its time is; another one with a fault. */
  readonly saidTime: () => number;
  readonly nonce: Uint8Array;
  readonly takeNonce: (nonce: Uint8Array) => boolean;
  /** Whether a client with this key is connected. */
  readonly isConnected: (key: string) => boolean;
}

/** What to do with a message of the client. */
export type GreetingStep =
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | { readonly kind: 'answer'; readonly message: MolochMessage }
  /** The handshake is over; in the plain profile with an answer. */
  | { readonly kind: 'done'; readonly client: string; readonly message: MolochMessage | undefined };

const refuse = (reason: Refusal['reason'], text: Refusal['text']): GreetingStep => ({ kind: 'refuse', refusal: { reason, text } });

export class ServerGreeting {
  readonly #options: ServerGreetingOptions;
  #waitsFor: { readonly client: string; readonly id: bigint; readonly signed: Uint8Array } | undefined;

  constructor(options: ServerGreetingOptions) {
    this.#options = options;
  }

  take(message: MolochMessage): GreetingStep {
    return this.#waitsFor === undefined ? this.#onHello(message) : this.#onAuth(message, this.#waitsFor);
  }

  #onHello(hello: MolochMessage): GreetingStep {
    const { extended, key, chainId, genesis, head, now, saidTime, nonce, takeNonce, isConnected } = this.#options;
    if (hello.kind !== (extended ? 'ExtHello' : 'Hello')) return refuse('Protocol', 'message');
    const refusal = refuseGreeting(hello, { chainId, genesis, ownKey: key.key, ownNonce: nonce, now: now(), takeNonce });
    if (refusal !== undefined) return { kind: 'refuse', refusal };
    const said = { requestId: hello.id, version: { major: 1, minor: 0, patch: 0 }, chainId, key: key.key, height: head.height, head: head.hash, time: saidTime() };
    if (hello.kind === 'Hello') {
      if (!verifyEd25519Strict(fromHex(hello.key), plainHelloText(hello), hello.signature)) return refuse('Misbehaviour', 'signature');
      if (isConnected(hello.key)) return refuse('Duplicate', 'duplicate');
      return { kind: 'done', client: hello.key, message: { kind: 'HelloAck', ...said, signature: key.sign(plainAckText(said)) } };
    }
    const unsigned: MolochMessage = { kind: 'ExtHelloAck', ...said, nonce, genesis, signature: new Uint8Array(64) };
    const body = encodeBody(hello);
    const ack: MolochMessage = { ...unsigned, signature: key.sign(ackTranscript(body, encodeBody(unsigned))) };
    this.#waitsFor = { client: hello.key, id: hello.id, signed: authTranscript(body, encodeBody(ack)) };
    return { kind: 'answer', message: ack };
  }

  #onAuth(auth: MolochMessage, { client, id, signed }: { readonly client: string; readonly id: bigint; readonly signed: Uint8Array }): GreetingStep {
    if (auth.kind !== 'ExtAuth' || auth.requestId !== id) return refuse('Protocol', 'message');
    if (!verifyEd25519Strict(fromHex(client), signed, auth.signature)) return refuse('Misbehaviour', 'signature');
    // Only now, when the client has shown that the key is its own: nobody may keep another one out by naming its key.
    if (this.#options.isConnected(client)) return refuse('Duplicate', 'duplicate');
    return { kind: 'done', client, message: undefined };
  }
}
