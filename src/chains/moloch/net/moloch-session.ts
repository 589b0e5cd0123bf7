/**
 * A connection to a Moloch node after its handshake (Moloch reference, 4 and 5). Tests: `test/moloch/session.test.ts`.
 * @module
 */

import type { Clock } from '../../../base/clock.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { ChainPeer, PeerHandlers } from '../../../engine/follow/followed-chain.ts';
import type { Fault, Item, Target } from '../../../engine/sync/sync-chain.ts';
import type { AskOptions, PeerClaims, Sized } from '../../../engine/sync/sync-peer.ts';
import type { FrameClose, FrameConnection } from '../../../network/framed/frame-connection.ts';
import { itemOf, trustedHeaderOf, type Finalized, type MolochBlock } from '../chain/moloch-block.ts';
import type { ProofAnswer, ProofRequest } from '../wire/compact-proof.ts';
import { encodeFrame, type MolochMessage } from '../wire/frame.ts';
import type { GoodbyeReason, NetworkVote } from '../wire/plain-message.ts';
import type { Greeted } from './client-greeting.ts';
import { closeGap, SMALL_GAP, type HeldChain } from './close-gap.ts';
import { reasonCode, reasonOf } from './goodbye.ts';
import { PeerService, type ServiceOptions } from './peer-service.ts';
import { isRequest, type MolochRequest } from './provider.ts';
import { isAnswer, SessionRequests, type ProveFinal } from './session-requests.ts';
import { comparePeer, sessionStep, type SessionEvent, type SessionState } from './session-states.ts';
import { StatusWatch } from './status-watch.ts';

/** Milliseconds in which the client mostly has fetched what it misses, by announcements and claims. Longer than its own wait for these; ours. */
const CATCH_UP_TIME = 5000;
/** Blocks that this peer has, by their hashes: they are not sent on to it. At the bound the oldest is forgotten. */
const MAX_SENT = 64;

/** What all sessions of a client share. */
export interface SessionContext extends ServiceOptions {
  readonly clock: Clock;
  readonly held: HeldChain & {
    /** The root over all blocks before our head, as our status says it. */
    mmrRoot(): string;
  };
  /** Whether the client syncs, and the peers that it has: for our status. */
  readonly status: () => { readonly syncing: boolean; readonly peers: number };
  readonly proveFinal: ProveFinal;
  /** See `GapOptions`. */
  readonly fetching: Set<string>;
}

export interface SessionOptions {
  readonly connection: FrameConnection;
  readonly address: string;
  readonly transport: 'ws' | 'wss';
  readonly extended: boolean;
  readonly greeted: Greeted;
  readonly context: SessionContext;
  readonly handlers: PeerHandlers<MolochBlock, Finalized>;
}

export class MolochSession implements ChainPeer<MolochBlock> {
  /** The address. Not the key: nothing binds the handshake to the connection, so that a liar can relay that of an honest node. */
  readonly id: string;
  readonly address: string;
  readonly transport: 'ws' | 'wss';
  /** Whether the peer speaks `moloch-ext/1`. Without it blocks are sealed and never final. */
  readonly extended: boolean;
  readonly #options: SessionOptions;
  readonly #requests: SessionRequests;
  readonly #watch: StatusWatch;
  readonly #service: PeerService;
  readonly #ended = new AbortController();
  readonly #sent = new Set<string>();
  #state: SessionState = 'DETERMINING';
  #height: number;
  #head: string | undefined;
  #snapshot: number | undefined;
  /** The height that the peer proved to be final. */
  #proved: number | undefined;
  /** The greatest height that is final for the peer, as far as is known. */
  #final: number;
  #learning = false;
  #cancelLook: (() => void) | undefined;

  constructor(options: SessionOptions) {
    const { connection, address, transport, extended, greeted, context } = options;
    this.#options = options;
    this.id = address;
    this.address = address;
    this.transport = transport;
    this.extended = extended;
    this.#height = greeted.height ?? 0;
    this.#head = greeted.head;
    this.#final = Math.min(this.#height, context.held.final().height);
    this.#service = new PeerService(context);
    const send = (message: MolochMessage) => connection.send(encodeFrame(message));
    this.#requests = new SessionRequests({ clock: context.clock, extended, send, proveFinal: context.proveFinal, height: () => this.#height });
    this.#watch = new StatusWatch(context.clock, {
      send: () => this.#sendStatus(),
      ping: () => this.#requests.ping(this.#ended.signal),
      onSilent: () => this.#goodbye('Timeout', 'silence'),
    });
  }

  /** Where the session stands (Moloch reference, 5). */
  get state(): SessionState {
    return this.#state;
  }

  /**
   * The height is that of the peer's newest final block: a proof is asked for where the peer says no more than its head, and a `Finalized` counts. The plain profile proves
   * nothing, so there it is the head, and nothing is claimed to be final.
   */
  get claims(): PeerClaims {
    return this.extended ? { height: this.#final, earliest: 0, snapshot: this.#snapshot } : { height: this.#height, final: 0, earliest: 0, snapshot: this.#snapshot };
  }

  get latency(): number | undefined {
    return this.#requests.latency;
  }

  get received(): number {
    return this.#options.connection.received;
  }

  /** Called once, when the greeting is over. Compares the heads: what is missing a little is fetched, and the sync is told of the rest by the claims. */
  begin(): void {
    this.#compare();
  }

  /** The client's head has moved. */
  noteHead(): void {
    if (this.#state === 'SYNCING' && this.#options.context.held.head().height >= (this.#proved ?? this.#height)) this.#step('caughtUp');
  }

  getBlocks(from: number, count: number, options: AskOptions & { readonly headersOnly: boolean }): Promise<Sized<readonly Item<MolochBlock>[]>> {
    return this.#requests.getBlocks(from, count, options);
  }

  async proveTarget(atLeast: number, options: AskOptions): Promise<Target> {
    const target = await this.#requests.proveTarget(atLeast, options);
    this.#proved = Math.max(this.#proved ?? 0, target.height);
    this.#claim(target.height, target.height > this.#height ? target.id : this.#head);
    this.#isFinal(target.height);
    return target;
  }

  /** Asks which of the peer's blocks is final, if its head is above our final block. What it cannot prove is not claimed. Never rejects. */
  async learnFinal(signal: AbortSignal): Promise<void> {
    const least = Math.max(this.#final, this.#options.context.held.final().height) + 1;
    if (!this.extended || this.#learning || this.#height < least) return;
    this.#learning = true;
    // A fault is found again, and counted, when the sync asks.
    await this.proveTarget(least, { signal }).catch(() => undefined);
    this.#learning = false;
  }

  getManifest(height: number | undefined, options: AskOptions): Promise<Sized<Uint8Array>> {
    return this.#requests.getManifest(height, options);
  }

  getChunk(snapshotHeight: number, index: number, options: AskOptions): Promise<Sized<Uint8Array>> {
    return this.#requests.getChunk(snapshotHeight, index, options);
  }

  /** See `SessionRequests`. */
  prove(request: ProofRequest, options: AskOptions): Promise<ProofAnswer> {
    return this.#requests.prove(request, options);
  }

  /** See `SessionRequests`. */
  getVotes(hash: string, options: AskOptions): Promise<readonly NetworkVote[]> {
    return this.#requests.getVotes(hash, options);
  }

  /** Sends a block on that the client has verified, unless this peer has sent it, or was sent it before (Moloch reference, 6.6), or the upload budget is used up. */
  forward({ id, block: { header, events } }: Item<MolochBlock>): void {
    if (events === undefined || this.#sent.has(id)) return;
    const frame = this.#service.block({ header, events });
    if (!frame) return;
    this.#remember(id);
    this.#sendFrame(frame);
  }

  /** The peer has a snapshot at this height. Found out when the connection was opened: no message of the protocol says it. */
  noteSnapshot(height: number): void {
    this.#snapshot = height;
  }

  /** `code`: the name of a Goodbye's reason (`goodbye.ts`); another one is told as the text of `misbehaviour`. */
  close(code = 'requested'): void {
    this.#goodbye(reasonOf(code), code);
  }

  /** Takes a message of the peer. */
  take(message: MolochMessage, size: number): void {
    if (this.#state === 'CLOSED') return;
    if (isAnswer(message)) {
      const matched = this.#requests.answer(message, size);
      if (matched === 'unknown' || matched === 'wrong-kind') this.misfit({ code: 'unrequested', weight: 'offence', data: { kind: message.kind } });
      return;
    }
    if (isRequest(message)) return void this.#serve(message);
    switch (message.kind) {
      case 'NewBlock':
        return this.#onBlock(itemOf({ ...message.block, signatures: [] }, size));
      case 'Vote':
        return this.#onVotes({ hash: message.hash, height: message.height, signatures: [{ key: message.voter, signature: message.signature }] });
      case 'Finalized':
        this.#isFinal(message.height);
        return this.#onVotes({ hash: message.hash, height: message.height, signatures: message.signatures });
      case 'Status':
        this.#watch.heard();
        return this.#onHead(message.height ?? 0, message.head);
      case 'ExtStatus':
        this.#watch.heard();
        this.#onHead(message.height ?? 0, message.head);
        return this.#checkRoot(message.head, message.mmrRoot);
      case 'Announce':
        if (message.item.kind === 'Tip') return this.#onHead(message.item.height, message.item.hash);
        // A block may be any; events are of no use to a client.
        if (message.item.kind === 'Block' && message.item.height > this.#height) this.#onHead(message.item.height, message.item.hash);
        return;
      case 'Ping':
        return this.#send({ kind: 'Pong', requestId: message.id, pingTime: message.time, pongTime: this.#options.context.clock.now() });
      case 'Goodbye':
        this.#step('goodbye');
        return this.#end(reasonCode(message.reason, message.text));
      // A client has no pool of events and does not vote.
      case 'NewEvent':
      case 'Proposal':
        return;
      default:
        return this.misfit({ code: 'unexpected', weight: 'offence', data: { kind: message.kind } });
    }
  }

  /** A frame that is no message, or a message that fits neither state nor request. The client counts it. */
  misfit(fault: Fault): void {
    this.#step('misfit');
    this.#options.handlers.fault(fault);
  }

  /** The connection has ended. */
  ended({ by, text }: FrameClose): void {
    this.#step(by === 'silent' ? 'idle' : 'socketClosed');
    this.#end(by === 'remote' ? (text === '' ? undefined : text) : by);
  }

  #onBlock(item: Item<MolochBlock>): void {
    this.#remember(item.id);
    this.#claim(item.height, item.id);
    this.#options.handlers.announced({ kind: 'block', item });
  }

  #remember(id: string): void {
    this.#sent.add(id);
    if (this.#sent.size <= MAX_SENT) return;
    for (const oldest of this.#sent) {
      this.#sent.delete(oldest);
      return;
    }
  }

  #onVotes(proof: Finalized): void {
    this.#claim(proof.height, proof.hash);
    this.#options.handlers.announced({ kind: 'final', proof });
  }

  #onHead(height: number, hash: string | undefined): void {
    this.#height = height;
    this.#head = hash;
    const final = this.#options.context.held.final().height;
    if (height <= final) this.#final = Math.max(this.#final, height);
    this.#options.handlers.claims(this.claims);
    this.#compare();
    // A smaller gap is closed without it.
    if (height - final > SMALL_GAP) void this.learnFinal(this.#ended.signal);
  }

  #isFinal(height: number): void {
    if (height <= this.#final) return;
    this.#final = height;
    this.#options.handlers.claims(this.claims);
  }

  /** The hash of a head binds its root: another root beside our own head's hash is false (Moloch reference, 6.8). */
  #checkRoot(head: string | undefined, mmrRoot: string): void {
    const { held } = this.#options.context;
    const { id, height } = held.head();
    if (head !== id || mmrRoot === held.mmrRoot()) return;
    this.misfit({ code: 'status-root', weight: 'offence', data: { height, root: mmrRoot, expected: held.mmrRoot() } });
  }

  #claim(height: number, hash: string | undefined): void {
    if (height <= this.#height) return;
    this.#height = height;
    this.#head = hash;
    this.#options.handlers.claims(this.claims);
  }

  /** Sets our head beside the peer's. Two heads at one height are compared at once; a peer that is a little ahead only if the client does not catch up. */
  #compare(): void {
    const { clock, held } = this.#options.context;
    const { height, id } = held.head();
    this.noteHead();
    const actions = this.#step(comparePeer({ height, hash: id }, { height: this.#height, hash: this.#head }));
    if (actions.includes('checkFork')) void this.#closeGap();
    if (!actions.includes('fetchBlock') && !actions.includes('sync')) return;
    this.#cancelLook ??= clock.after(CATCH_UP_TIME, () => {
      this.#cancelLook = undefined;
      if (this.#height > held.head().height) void this.#closeGap();
    });
  }

  async #closeGap(): Promise<void> {
    if (this.#head === undefined) return;
    const peer = { height: this.#height, hash: this.#head };
    const { held, fetching } = this.#options.context;
    const getBlocks = async (from: number, count: number) => (await this.getBlocks(from, count, { headersOnly: false, signal: this.#ended.signal })).value;
    const getHeader = async (height: number) => {
      const [item] = (await this.getBlocks(height, 1, { headersOnly: true, signal: this.#ended.signal })).value;
      // While the client syncs, announcements wait: a proof that excludes our final block must not.
      await this.#options.context.proveFinal(trustedHeaderOf(item!.block), this.#ended.signal);
      return item!;
    };
    const announce = (item: Item<MolochBlock>) => this.#options.handlers.announced({ kind: 'block', item });
    try {
      await closeGap(peer, { held, getBlocks, getHeader, announce, fetching });
    } catch (error) {
      const { code, weight } = error as Partial<Fault>;
      if (code !== undefined && weight !== undefined) this.misfit({ code, weight, data: (error as Partial<Fault>).data });
      // A request that was not answered: the next status asks again.
    }
  }

  async #serve(request: MolochRequest): Promise<void> {
    const answer = await this.#service.answer(request);
    if (!answer) return this.misfit({ code: 'over-limit', weight: 'offence', data: { kind: request.kind } });
    this.#sendFrame(answer);
  }

  #sendStatus(): void {
    const { held, status, clock } = this.#options.context;
    const { height, id } = held.head();
    const fields = { height, head: id, ...status(), time: clock.now() };
    this.#send(this.extended ? { kind: 'ExtStatus', ...fields, mmrRoot: held.mmrRoot() } : { kind: 'Status', ...fields });
  }

  #send(message: MolochMessage): void {
    this.#sendFrame(encodeFrame(message));
  }

  #sendFrame(frame: Uint8Array): void {
    try {
      this.#options.connection.send(frame);
    } catch {
      // The connection has ended, or the peer reads nothing: its requests wait for us no longer.
    }
  }

  #goodbye(reason: GoodbyeReason, text: string): void {
    if (this.#state === 'CLOSED') return;
    this.#step(reason === 'Misbehaviour' ? 'banned' : 'idle');
    this.#send({ kind: 'Goodbye', reason, text });
    this.#end(text);
  }

  #step(event: SessionEvent) {
    const step = sessionStep(this.#state, event);
    if (step !== undefined) this.#state = step.next;
    return step?.actions ?? [];
  }

  /** `code`: why it ended. */
  #end(code: string | undefined): void {
    if (this.#ended.signal.aborted) return;
    this.#state = 'CLOSED';
    this.#watch.stop();
    this.#cancelLook?.();
    const error = new RequestError('disconnected', `the session has ended: ${code ?? 'connection lost'}`);
    this.#ended.abort(error);
    this.#requests.close(error);
    this.#options.connection.close(1000, code);
    this.#options.handlers.closed(code);
  }
}
