/**
 * A peer of Stacks that answers as a node does, or wrongly on command. It serves any stream of bytes; `tcp-peer.ts` listens for TCP.
 * Tests: `devnet/stacks/tcp-peer.test.ts`, `test/stacks/peer-connection.test.ts`.
 * @module
 */
import { equalBytes, toHex } from '../../src/base/bytes.ts';
import { checkPreamble } from '../../src/chains/stacks/chain/preamble-rules.ts';
import type { ByteStream } from '../../src/chains/stacks/net/byte-stream.ts';
import { FrameSplitter } from '../../src/chains/stacks/net/frame-splitter.ts';
import { sealFrame, type BurnView, type PeerNetwork } from '../../src/chains/stacks/net/own-frame.ts';
import { decodeFrame, frameHash, type Frame } from '../../src/chains/stacks/wire/frame.ts';
import type { HandshakeAcceptData } from '../../src/chains/stacks/wire/handshake.ts';
import { nackCodes, type PeerMessage } from '../../src/chains/stacks/wire/peer-message.ts';
import { recoverKey } from '../../src/crypto/secp256k1-recover.ts';
import type { RecoverableSigner } from '../../src/crypto/secp256k1-sign.ts';
import { answerTo, type ServedChain } from './served-inventories.ts';
import { faultedFrame, fallenBits, type PeerFault } from './scripted-faults.ts';

/** Requests that are remembered; at the bound the oldest is forgotten. */
const MAX_LOG = 10_000;
/** Seconds between two signs of life that the recorded nodes want. */
const HEARTBEAT = 3600;
const LOOPBACK = '00000000000000000000ffff7f000001';

export interface ScriptedPeerOptions {
  readonly chain: ServedChain;
  readonly network: PeerNetwork;
  readonly signer: RecoverableSigner;
  /** The peer's own HTTP server, for its handshake; none by default. */
  readonly dataUrl?: string | undefined;
  readonly heartbeat?: number | undefined;
  /** The Bitcoin height at which its key is not valid any more. */
  readonly expire?: number | undefined;
  /** Answers in place of the chain: the bytes of a whole frame, such as a recorded one; undefined: nothing is sent. */
  readonly replay?: ((request: Frame) => Uint8Array | undefined) | undefined;
}

export class ScriptedPeer {
  /** What goes wrong from the next request on. */
  fault: PeerFault | undefined;
  /** Whether a fault concerns the handshake, too. */
  faultsHandshake = false;
  /** Every message that came, with the number of its connection. */
  readonly asked: { readonly connection: number; readonly message: PeerMessage }[] = [];
  readonly #options: ScriptedPeerOptions;
  readonly #connections = new Set<ServedConnection>();
  /** Answers so far to the same question, for bits that fall. */
  readonly #answers = new Map<string, number>();
  #count = 0;

  constructor(options: ScriptedPeerOptions) {
    this.#options = options;
  }

  get connections(): number {
    return this.#connections.size;
  }

  serve(stream: ByteStream): void {
    const connection: ServedConnection = { id: (this.#count += 1), stream, splitter: new FrameSplitter(), key: undefined };
    this.#connections.add(connection);
    stream.onClose(() => this.#connections.delete(connection));
    stream.onBytes((bytes) => {
      try {
        for (const frame of connection.splitter.push(bytes)) this.#take(frame, connection);
      } catch {
        // As a node: what cannot be read ends the connection.
        stream.close();
      }
    });
  }

  /** Sends a message that nobody asked for to all connections, so many times. */
  push(message: PeerMessage, sequence = 0xff_00_00_00, times = 1): void {
    const frame = this.#sealed(message, sequence);
    for (const { stream } of this.#connections) for (let i = 0; i < times; i += 1) stream.send(frame);
  }

  closeAll(): void {
    for (const { stream } of this.#connections) stream.close();
  }

  #take(bytes: Uint8Array, connection: ServedConnection): void {
    const frame = decodeFrame(bytes);
    const { message, preamble } = frame;
    const { network, chain, replay } = this.#options;
    this.asked.push({ connection: connection.id, message });
    if (this.asked.length > MAX_LOG) this.asked.shift();
    const burnHashAt = (height: number) => chain.sortitions()[height - chain.rules.firstBurnHeight]?.burnHash;
    if (checkPreamble(preamble, { ...network, burnHashAt })) return connection.stream.close();
    const key = recoverKey(frameHash(bytes), preamble.signature);
    const expected = message.kind === 'Handshake' ? message.data.publicKey : connection.key;
    if (expected && (!key || !equalBytes(key, expected))) return connection.stream.close();
    if (message.kind === 'Handshake') connection.key = message.data.publicKey;
    const recorded = replay?.(frame);
    if (replay) return recorded && connection.stream.send(recorded);
    this.#answer(message, preamble.sequence, connection);
  }

  #answer(message: PeerMessage, sequence: number, { stream, key }: ServedConnection): void {
    const fault = message.kind !== 'Handshake' || this.faultsHandshake ? this.fault : undefined;
    const answer = this.#answerOf(message, key !== undefined, fault);
    if (!answer || fault === 'silence') return;
    if (fault === 'close') return stream.close();
    stream.send(fault === undefined ? this.#sealed(answer, sequence) : faultedFrame(fault, answer, sequence, (it, number, signer) => this.#sealed(it, number, signer)));
  }

  #answerOf(message: PeerMessage, isKnown: boolean, fault: PeerFault | undefined): PeerMessage | undefined {
    if (message.kind === 'Handshake') return { kind: 'HandshakeAccept', data: this.#handshake() };
    if (!isKnown) return { kind: 'Nack', code: nackCodes.handshakeFirst };
    const answer = answerTo(message, this.#options.chain);
    if (fault !== 'falling-bits' || !answer) return answer;
    const question = JSON.stringify(message);
    const times = this.#answers.get(question) ?? 0;
    this.#answers.set(question, times + 1);
    return fallenBits(answer, times);
  }

  #handshake(): HandshakeAcceptData {
    const { signer, dataUrl = '', heartbeat = HEARTBEAT, expire = 0xff_ff_ff_ff } = this.#options;
    return { address: LOOPBACK, port: 0, services: 7, publicKey: signer.publicKey, expire, dataUrl, heartbeat };
  }

  #sealed(message: PeerMessage, sequence: number, signer = this.#options.signer): Uint8Array {
    return sealFrame(message, sequence, this.#options.network, this.#burnView(), signer);
  }

  #burnView(): BurnView {
    const { chain, network } = this.#options;
    const sortitions = chain.sortitions();
    const tip = sortitions.at(-1)!;
    const stableHeight = tip.burnHeight - network.confirmations;
    const stable = sortitions.find((it) => it.burnHeight === stableHeight);
    return { burnHeight: tip.burnHeight, burnHash: tip.burnHash, stableHeight, stableHash: stable?.burnHash ?? '00'.repeat(32) };
  }
}

interface ServedConnection {
  readonly id: number;
  readonly stream: ByteStream;
  readonly splitter: FrameSplitter;
  /** Of the client's handshake. */
  key: Uint8Array | undefined;
}

/** The answers of recorded exchanges: to the same message with the same sequence number, and to any handshake with it. */
export function replayOf(exchanges: readonly { readonly request: Uint8Array; readonly reply: Uint8Array }[]): (request: Frame) => Uint8Array | undefined {
  const replies = new Map(exchanges.map(({ request, reply }) => [questionOf(decodeFrame(request)), reply]));
  return (request) => replies.get(questionOf(request));
}

function questionOf({ message, preamble }: Frame): string {
  const what = message.kind === 'Handshake' ? '' : JSON.stringify(message, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value));
  return `${preamble.sequence} ${message.kind} ${what}`;
}
