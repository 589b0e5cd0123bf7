/**
 * Dials a Moloch node and shakes hands (Moloch reference, 2.9, 4.1, 4.3 and 5). Tests: `test/moloch/handshake.test.ts`.
 * @module
 */

import { CodedError } from '../../../base/coded-error.ts';
import type { Random } from '../../../base/random.ts';
import { withTimeout } from '../../../base/with-timeout.ts';
import type { PeerHandlers } from '../../../engine/follow/followed-chain.ts';
import { FrameError, openFrames, type FrameClose, type FrameConnection } from '../../../network/framed/frame-connection.ts';
import { socketRefusal, socketUrlOf } from '../../../network/framed/web-socket-url.ts';
import type { Finalized, MolochBlock } from '../chain/moloch-block.ts';
import type { VerifySignature } from '../chain/verify-signature.ts';
import type { IsKey } from '../wire/bincode.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import { decodeFrame, encodeFrame, MAX_BODY, type MolochMessage } from '../wire/frame.ts';
import { ClientGreeting, goodbyeFrame } from './client-greeting.ts';
import { reasonCode } from './goodbye.ts';
import type { Refusal } from './greeting-rules.ts';
import { MolochSession, type SessionContext } from './moloch-session.ts';
import type { NodeKey } from './node-key.ts';
import type { NonceMemory } from './nonce-memory.ts';

/** The subprotocols, ours first (Moloch reference, 4.1). */
const EXTENDED = 'moloch-ext.1';
const PLAIN = 'moloch.1';
/** Milliseconds (Moloch reference, 2.11 and 4.3). */
const CONNECT_TIME = 10_000;
const ACK_TIME = 5000;
/** Bytes: a frame with its length (Moloch reference, 2.9). */
const MAX_FRAME = MAX_BODY + 4;
/** Bytes that may wait to be sent: answers to eight requests of a peer that reads slowly. Ours. */
const MAX_BUFFERED = 2 * MAX_FRAME;
/** Frames that may wait while an ack's signature is checked: a node that sends more is no node. Ours. */
const MAX_EARLY = 64;
/** Milliseconds that a new session waits for what the node proves of its head and says of its snapshot, so that the sync can choose by it. Ours. */
const LEARN_TIME = 2000;

export type HandshakeErrorCode =
  /** The address, or the connection, or the peer said so: `data.reason`. */
  | 'refused'
  | 'timeout'
  /** The connection ended in the handshake. */
  | 'disconnected'
  | 'other-network'
  | 'other-version'
  | 'clock'
  /** Another message than an ack. */
  | 'protocol'
  | 'bad-signature'
  /** Our own key or nonce came back. */
  | 'reflected'
  /** A nonce that was used in the last ten minutes. */
  | 'replay'
  /** A peer with this key is connected at this address, or a node says so of us. */
  | 'duplicate';

/** A handshake that failed. */
export class HandshakeError extends CodedError<HandshakeErrorCode> {
  override readonly name = 'HandshakeError';
  constructor(code: HandshakeErrorCode, reason = '') {
    super(code, reason === '' ? code : `${code}: ${reason}`, reason === '' ? {} : { reason });
  }
}

const CODES: Readonly<Record<Refusal['text'], HandshakeErrorCode>> = {
  version: 'other-version',
  chain: 'other-network',
  genesis: 'other-network',
  clock: 'clock',
  reflected: 'reflected',
  replay: 'replay',
  signature: 'bad-signature',
  silence: 'timeout',
  duplicate: 'duplicate',
  message: 'protocol',
};

/** What all connections of a client share. */
export interface MolochNetContext extends SessionContext {
  /** Of this connection alone: a node that another one relays us to must not know us again, and refuse us as connected. */
  readonly own: NodeKey;
  readonly chainId: string;
  /** Hash of the genesis block. */
  readonly genesis: string;
  readonly random: Random;
  readonly nonces: NonceMemory;
  readonly verify: VerifySignature;
  /** Whether 32 bytes are a point of the curve. */
  readonly isKey: IsKey;
  /**
   * Addresses that are connected, each with the key that its node showed. Another address with this key is taken, too: who relays a node's handshake has its
   * key, and must not keep the node out.
   */
  readonly connected: Set<string>;
  /** Whether `ws` may be dialled beyond loopback. */
  readonly allowInsecure: boolean;
  /** The height of the pinned checkpoint, if there is one that is ahead: each peer is asked for its snapshot. */
  readonly wantedSnapshot: () => number | undefined;
  /** The subprotocols that are offered. Default: both. */
  readonly protocols?: readonly string[] | undefined;
}

/** Connects to a multiaddress. Rejects with `HandshakeError` or the signal's reason. */
export async function connectMoloch(
  address: string,
  context: MolochNetContext,
  handlers: PeerHandlers<MolochBlock, Finalized>,
  { signal }: { readonly signal: AbortSignal },
): Promise<MolochSession> {
  const target = socketUrlOf(address);
  const refusal = socketRefusal(address, context);
  if (target === undefined || refusal !== undefined) throw new HandshakeError('refused', refusal ?? 'not-a-socket-address');
  const limits = { received: MAX_FRAME, sent: MAX_FRAME, buffered: MAX_BUFFERED };
  const connection = await openFrames(target.url, { clock: context.clock, protocols: context.protocols ?? [EXTENDED, PLAIN], limits, timeout: CONNECT_TIME, signal }).catch((error: unknown) => {
    throw error instanceof FrameError ? new HandshakeError(error.code === 'timeout' ? 'timeout' : 'refused', error.code) : error;
  });
  const extended = connection.protocol === EXTENDED;
  const session = await shakeHands(connection, extended, { address: target.address, transport: target.transport, context, handlers, signal });
  await withTimeout(context.clock, LEARN_TIME, session.learnFinal(signal));
  const wanted = context.wantedSnapshot();
  if (extended && wanted !== undefined) {
    const noted = () => {
      session.noteSnapshot(wanted);
      handlers.claims(session.claims);
    };
    // Most nodes have none, and the session goes on without it. An answer that comes late is told by the claims.
    await withTimeout(context.clock, LEARN_TIME, session.getManifest(wanted, { signal }).then(noted, () => undefined));
  }
  if (session.state === 'CLOSED') throw new HandshakeError('disconnected');
  session.begin();
  return session;
}

interface ShakeOptions {
  readonly address: string;
  readonly transport: 'ws' | 'wss';
  readonly context: MolochNetContext;
  readonly handlers: PeerHandlers<MolochBlock, Finalized>;
  readonly signal: AbortSignal;
}

function shakeHands(connection: FrameConnection, extended: boolean, { address, transport, context, handlers, signal }: ShakeOptions): Promise<MolochSession> {
  return new Promise((resolve, reject) => {
    const { own, chainId, genesis, clock, random, nonces, verify, isKey, held, connected } = context;
    const greeting = new ClientGreeting({ extended, own, chainId, genesis, head: held.head(), clock, random, nonces, verify });
    let session: MolochSession | undefined;
    let over = false;
    let checking = false;
    const early: { readonly message: MolochMessage; readonly size: number }[] = [];
    const settle = () => {
      over = true;
      cancel();
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown, refusal?: Refusal) => {
      if (over) return;
      settle();
      try {
        if (refusal !== undefined) connection.send(goodbyeFrame(refusal));
      } catch {
        // It has ended already.
      }
      connection.close(1000, refusal?.text);
      reject(error as Error);
    };
    const refuse = (refusal: Refusal) => fail(new HandshakeError(CODES[refusal.text]), refusal);
    const onAbort = () => fail(signal.reason);
    const cancel = clock.after(ACK_TIME, () => refuse({ reason: 'Timeout', text: 'silence' }));
    signal.addEventListener('abort', onAbort, { once: true });

    const onAck = async (ack: MolochMessage) => {
      checking = true;
      const greeted = await greeting.take(ack);
      if (over) return;
      if ('refusal' in greeted) return refuse(greeted.refusal);
      const place = `${address} ${greeted.key}`;
      if (connected.has(place)) return refuse({ reason: 'Duplicate', text: 'duplicate' });
      try {
        if (greeted.answer !== undefined) connection.send(encodeFrame(greeted.answer));
      } catch {
        return fail(new HandshakeError('disconnected'));
      }
      connected.add(place);
      settle();
      const forget: PeerHandlers<MolochBlock, Finalized> = {
        ...handlers,
        closed: (code) => {
          connected.delete(place);
          handlers.closed(code);
        },
      };
      session = new MolochSession({ connection, address, transport, extended, greeted, context, handlers: forget });
      resolve(session);
      for (const { message, size } of early) session.take(message, size);
    };

    const onMessage = (message: MolochMessage, size: number) => {
      if (session !== undefined) return session.take(message, size);
      if (over) return;
      if (message.kind === 'Goodbye') return fail(goodbyeError(reasonCode(message.reason, message.text)));
      if (!checking) return void onAck(message);
      early.push({ message, size });
      if (early.length > MAX_EARLY) refuse({ reason: 'Protocol', text: 'message' });
    };

    connection.listen({
      onFrame: (frame) => {
        let message: MolochMessage;
        try {
          message = decodeFrame(frame, { extended, isKey });
        } catch (error) {
          const code = error instanceof MolochCodecError ? error.code : 'unknown';
          if (session === undefined) refuse({ reason: 'Protocol', text: 'message' });
          else session.misfit({ code: 'bad-frame', weight: 'offence', data: { code } });
          return;
        }
        onMessage(message, frame.length);
      },
      onClose: (close: FrameClose) => {
        if (session === undefined) fail(new HandshakeError('disconnected', close.text));
        else session.ended(close);
      },
    });
    try {
      connection.send(encodeFrame(greeting.hello));
    } catch {
      fail(new HandshakeError('disconnected'));
    }
  });
}

/** The error for a Goodbye in the handshake. */
function goodbyeError(code: string): HandshakeError {
  return code === 'other-network' || code === 'other-version' || code === 'clock' || code === 'timeout' || code === 'duplicate' ? new HandshakeError(code) : new HandshakeError('refused', code);
}
