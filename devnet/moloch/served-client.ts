import type { Clock } from '../../src/base/clock.ts';
import { goodbyeFrame } from '../../src/chains/moloch/net/client-greeting.ts';
import { answerRequest, isInLimits, isRequest, type MolochRequest, type Provider } from '../../src/chains/moloch/net/provider.ts';
import { PONG_TIME, STATUS_PERIOD } from '../../src/chains/moloch/net/status-watch.ts';
import { decodeFrame, encodeFrame, type MolochMessage } from '../../src/chains/moloch/wire/frame.ts';
import type { GoodbyeReason } from '../../src/chains/moloch/wire/plain-message.ts';
import type { FrameConnection } from '../../src/network/framed/frame-connection.ts';
import { SLOW_DELAY, type NodeFaults } from './moloch-faults.ts';
import type { ServerGreeting } from './server-greeting.ts';

/** Milliseconds for each message of the handshake (Moloch reference, 4.3). */
const HANDSHAKE_TIME = 5000;
/** Milliseconds without a frame, after which a client is pinged and then let go (Moloch reference, 5: 120 s). */
const IDLE_TIME = 120_000;
/** Requests of one client that wait for their answers (Moloch reference, 4.1). */
const MAX_IN_FLIGHT = 8;
/** Offences that end a connection (Moloch reference, 5). */
const MAX_OFFENCES = 3;

export interface ServedClientOptions {
  readonly connection: FrameConnection;
  readonly clock: Clock;
  readonly greeting: ServerGreeting;
  readonly provider: Provider;
  readonly faults: NodeFaults;
  readonly status: () => MolochMessage;
  readonly plainStatus: () => MolochMessage;
  readonly onMessage: (message: MolochMessage) => void;
  readonly onClosed: () => void;
}

/** A client of a node of the local network. */
export class ServedClient {
  readonly #options: ServedClientOptions;
  readonly #cancels = new Set<() => void>();
  #cancelHandshake: () => void;
  /** The client's node key, once the handshake is over. */
  key: string | undefined;
  #inFlight = 0;
  #offences = 0;
  #closed = false;

  constructor(options: ServedClientOptions) {
    this.#options = options;
    this.#cancelHandshake = this.#after(HANDSHAKE_TIME, () => this.close('Timeout', 'silence'));
    options.connection.listen(
      { onFrame: (frame) => this.#onFrame(frame), onClose: () => this.#end() },
      { pingAfter: IDLE_TIME - PONG_TIME, closeAfter: IDLE_TIME, ping: () => this.#write({ kind: 'Ping', id: 0n, time: options.clock.now() }) },
    );
  }

  /** Whether it speaks `moloch-ext/1`. */
  get extended(): boolean {
    return this.#options.connection.protocol === 'moloch-ext.1';
  }

  /** Sends what was not asked for. Before the handshake is over nothing is sent, and with the fault `silent` nothing at all. */
  tell(message: MolochMessage): void {
    if (this.key !== undefined && !this.#options.faults.has('silent')) this.#write(message);
  }

  /** Says Goodbye and ends the connection. */
  close(reason: GoodbyeReason, text?: string): void {
    if (this.#closed) return;
    this.#write({ kind: 'Goodbye', reason, text });
    this.#options.connection.close(1000, text ?? reason);
    this.#end();
  }

  #onFrame(frame: Uint8Array): void {
    if (this.#closed) return;
    let message: MolochMessage;
    try {
      message = decodeFrame(frame, { extended: this.extended });
    } catch {
      return this.key === undefined ? this.close('Protocol', 'message') : this.#offence();
    }
    if (message.kind === 'Goodbye') return this.#options.connection.close();
    if (this.key === undefined) return this.#greet(message);
    this.#options.onMessage(message);
    if (isRequest(message)) return void this.#serve(message);
    if (message.kind === 'Ping') return this.#answer({ kind: 'Pong', requestId: message.id, pingTime: message.time, pongTime: this.#options.clock.now() });
    const known: readonly MolochMessage['kind'][] = ['Status', 'ExtStatus', 'NewBlock', 'NewEvent', 'Announce', 'Vote', 'Finalized', 'Proposal'];
    // The only thing that this node ever asks a client is a ping.
    if (!known.includes(message.kind) && !(message.kind === 'Pong' && message.requestId === 0n)) this.#offence();
  }

  #greet(message: MolochMessage): void {
    const step = this.#options.greeting.take(message);
    if (step.kind === 'refuse') {
      this.#options.connection.send(goodbyeFrame(step.refusal));
      this.#options.connection.close(1000, step.refusal.text);
      return this.#end();
    }
    if (step.message !== undefined) this.#write(step.message);
    this.#cancelHandshake();
    if (step.kind === 'answer') {
      this.#cancelHandshake = this.#after(HANDSHAKE_TIME, () => this.close('Timeout', 'silence'));
      return;
    }
    this.key = step.client;
    this.#options.onMessage(message);
    this.#after(STATUS_PERIOD, this.#sayStatus);
  }

  readonly #sayStatus = (): void => {
    this.#after(STATUS_PERIOD, this.#sayStatus);
    this.tell(this.extended ? this.#options.status() : this.#options.plainStatus());
  };

  async #serve(request: MolochRequest): Promise<void> {
    if (!isInLimits(request)) return this.#offence();
    if (this.#inFlight >= MAX_IN_FLIGHT) return this.close('Misbehaviour', 'more than 8 requests in flight');
    this.#inFlight += 1;
    // Also a node without faults answers a moment later, so that requests that come together are in flight together.
    const answer = await answerRequest(this.#options.provider, request);
    this.#answer(answer, () => (this.#inFlight -= 1));
  }

  #answer(message: MolochMessage, done: () => void = () => undefined): void {
    const { faults } = this.#options;
    if (faults.has('silent')) return done();
    const write = () => {
      done();
      this.#write(message, faults.has('half-frames'));
    };
    const slow = faults.get('slow');
    if (slow === undefined) write();
    else this.#after(slow.delay ?? SLOW_DELAY, write);
  }

  #offence(): void {
    this.#offences += 1;
    if (this.#offences >= MAX_OFFENCES) this.close('Misbehaviour', 'three offences');
  }

  #write(message: MolochMessage, half = false): void {
    if (this.#closed) return;
    const frame = encodeFrame(message);
    try {
      this.#options.connection.send(half ? frame.subarray(0, frame.length >> 1) : frame);
    } catch {
      this.#end();
    }
  }

  #after(ms: number, run: () => void): () => void {
    const cancel = this.#options.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#options.onClosed();
  }
}
