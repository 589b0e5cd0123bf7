/**
 * The machine that asks one peer for its inventory of epoch 2.x (InvState): PoX bits before block bits, two cycles at a time (Stacks reference, 10 and 11).
 * It has no clock and sends nothing. Each peer has its own, so that a silent one stops no other.
 * @module
 */
import { bitOf } from '../wire/bit-vector.ts';
import { MAX_POX_CYCLES, nackCodes, type PeerMessage } from '../wire/peer-message.ts';
import { askedHeightOf, type CycleRules } from './cycles.ts';
import { PeerBlocksInventory } from './peer-blocks-inventory.ts';

/** Milliseconds from the start of a pass to the start of the next, and cycles that are asked at a time (Stacks reference, 11). */
export const BLOCKS_INVENTORY_INTERVAL = 150_000;
const CYCLES_AT_A_TIME = 2;

export type SyncState = 'GetPoxInvBegin' | 'GetPoxInvFinish' | 'GetBlocksInvBegin' | 'GetBlocksInvFinish' | 'Done';
/** `Stale`: behind us; `Diverged`: on another fork; `Dead`: refuses to talk; `Broken`: answered what it should not. */
export type PeerStatus = 'Online' | 'Broken' | 'Diverged' | 'Stale' | 'Dead';

export interface BlocksSyncContext {
  readonly rules: CycleRules;
  /** The newest cycle with blocks of epoch 2.x. */
  readonly topCycle: number;
  /** Our own burn height: a peer below it that does not know a hash is stale, one at or above it is on another fork. */
  readonly burnHeight: number;
  /** The consensus hash of the height one above a cycle's first; undefined where it is not known. */
  readonly askedHash: (cycle: number) => string | undefined;
  /** Our own PoX bit of a cycle. */
  readonly hasAnchor: (cycle: number) => boolean;
}

export class BlocksInventorySync {
  readonly inventory: PeerBlocksInventory;
  #state: SyncState = 'GetPoxInvBegin';
  #status: PeerStatus = 'Online';
  #startedAt: number;
  /** The two cycles of this step, and the one whose blocks are asked. */
  #first = 0;
  #count = 0;
  #cycle = 0;

  constructor(rules: CycleRules, now: number) {
    this.inventory = new PeerBlocksInventory(rules);
    this.#startedAt = now;
  }

  get state(): SyncState {
    return this.#state;
  }

  get status(): PeerStatus {
    return this.#status;
  }

  /** The request to send now, if the machine is at one. */
  poll(now: number, context: BlocksSyncContext): PeerMessage | undefined {
    if (this.#state === 'Done' && now - this.#startedAt >= BLOCKS_INVENTORY_INTERVAL) this.#restart(now, context);
    if (this.#state === 'GetPoxInvBegin') {
      this.#count = Math.min(CYCLES_AT_A_TIME, context.topCycle - this.#first + 1, MAX_POX_CYCLES);
      const consensusHash = this.#count < 1 ? undefined : context.askedHash(this.#first);
      if (consensusHash === undefined) return this.#finish('Online');
      this.#state = 'GetPoxInvFinish';
      return { kind: 'GetPoxInv', consensusHash, count: this.#count };
    }
    if (this.#state === 'GetBlocksInvBegin') {
      const consensusHash = context.askedHash(this.#cycle);
      if (consensusHash === undefined) return this.#finish('Online');
      this.#state = 'GetBlocksInvFinish';
      return { kind: 'GetBlocksInv', consensusHash, count: context.rules.cycleLength };
    }
    return undefined;
  }

  /** The answer to the request in flight. `peerHeight`: the burn height in its preamble. `disconnect`: it is no answer to the request. */
  receive(message: PeerMessage, peerHeight: number, context: BlocksSyncContext): 'ok' | 'disconnect' {
    if (this.#state !== 'GetPoxInvFinish' && this.#state !== 'GetBlocksInvFinish') return 'ok';
    if (message.kind === 'Nack') {
      this.#finish(statusOf(message.code, peerHeight, context.burnHeight));
      return 'ok';
    }
    if (this.#state === 'GetPoxInvFinish' && message.kind === 'PoxInv' && message.length <= this.#count) return this.#takePox(message.length, message.pox, context);
    if (this.#state === 'GetBlocksInvFinish' && message.kind === 'BlocksInv' && message.length <= context.rules.cycleLength) {
      this.inventory.merge(askedHeightOf(this.#cycle, context.rules), message);
      this.#cycle += 1;
      this.#next();
      return 'ok';
    }
    this.#finish('Broken');
    return 'disconnect';
  }

  /** The deadline of the request in flight passed. */
  onTimeout(): void {
    if (this.#state === 'GetPoxInvFinish' || this.#state === 'GetBlocksInvFinish') this.#finish('Dead');
  }

  /** Where we know an anchor block and the peer does not, it is on another fork from that cycle on: the scan ends there. */
  #takePox(length: number, pox: Uint8Array, context: BlocksSyncContext): 'ok' {
    let agreed = 0;
    for (; agreed < length; agreed += 1) {
      const bit = bitOf(pox, agreed);
      this.inventory.setAnchor(this.#first + agreed, bit);
      if (!bit && context.hasAnchor(this.#first + agreed)) break;
    }
    if (agreed < length) this.#status = 'Diverged';
    this.#count = agreed;
    this.#cycle = this.#first;
    this.#state = 'GetBlocksInvBegin';
    if (agreed === 0) this.#finish(this.#status);
    return 'ok';
  }

  #next(): void {
    if (this.#cycle < this.#first + this.#count) this.#state = 'GetBlocksInvBegin';
    else if (this.#status === 'Diverged') this.#finish('Diverged');
    else {
      this.#first += this.#count;
      this.#state = 'GetPoxInvBegin';
    }
  }

  #restart(now: number, { topCycle }: BlocksSyncContext): void {
    this.#state = 'GetPoxInvBegin';
    this.#status = 'Online';
    this.#startedAt = now;
    this.#first = Math.max(0, topCycle - CYCLES_AT_A_TIME);
  }

  #finish(status: PeerStatus): undefined {
    this.#state = 'Done';
    this.#status = status;
  }
}

function statusOf(code: number, peerHeight: number, burnHeight: number): PeerStatus {
  switch (code) {
    case nackCodes.unknownBlock:
      return peerHeight < burnHeight ? 'Stale' : 'Diverged';
    case nackCodes.otherFork:
      return 'Diverged';
    case nackCodes.handshakeFirst:
    case nackCodes.throttled:
      return 'Dead';
    default:
      return 'Broken';
  }
}
