/**
 * The machine that keeps the Nakamoto inventories of all peers (Stacks reference, 10). It has no clock and sends nothing: the caller gives it the time
 * in milliseconds, sends what `poll` returns, and hands in what comes back.
 * @module
 */
import { bitsOf } from '../wire/bit-vector.ts';
import { nackCodes, type PeerMessage } from '../wire/peer-message.ts';
import type { CycleRules } from './cycles.ts';
import { TenureInventory } from './tenure-inventory.ts';

/** Milliseconds from the start of a peer's pass to the start of its next (Stacks reference, 10). */
export const INVENTORY_INTERVAL = 150_000;
/** Cycles below the newest at which a later pass begins (Stacks reference, 10). */
const CYCLES_BACK = 2;
/** Milliseconds from a new sortition to the one burst that asks all peers again (Stacks reference, 10). */
export const BURST_DELAY = 1_000;
/** Peers at most; further ones are not asked. */
const MAX_PEERS = 128;

/** `asking`: the peer has cycles left; `resting`: it is through; `off`: it refused, until its next pass. */
type Phase = 'asking' | 'resting' | 'off';

interface Peer {
  readonly isBootstrap: boolean;
  readonly inventory: TenureInventory;
  phase: Phase;
  /** The cycle that is asked, or asked next. */
  cycle: number;
  isInFlight: boolean;
  startedAt: number;
}

export interface InventoryRequest {
  readonly peer: string;
  readonly cycle: number;
  readonly message: PeerMessage;
}

export interface InventoryMachineOptions {
  readonly rules: CycleRules;
  /** The cycle of the first Nakamoto height: passes begin there. */
  readonly firstCycle: number;
  /** The consensus hash of the height one above the cycle's first; undefined where it is not known yet. */
  readonly askedHash: (cycle: number) => string | undefined;
}

/** NakamotoInvStateMachine: one request in flight a peer, cycle by cycle, a rest, and one burst after a new sortition. */
export class NakamotoInventories {
  readonly #options: InventoryMachineOptions;
  readonly #peers = new Map<string, Peer>();
  #topCycle = -1;
  #burstAt: number | undefined;
  #burstCycle = 0;

  constructor(options: InventoryMachineOptions) {
    this.#options = options;
  }

  /** `isBootstrap`: named by the network's file; during the initial download only those are asked. False at the bound, or if it is there already. */
  add(peer: string, isBootstrap: boolean, now: number): boolean {
    if (this.#peers.has(peer) || this.#peers.size >= MAX_PEERS) return false;
    this.#peers.set(peer, { isBootstrap, inventory: new TenureInventory(this.#options.rules), phase: 'asking', cycle: this.#options.firstCycle, isInFlight: false, startedAt: now });
    return true;
  }

  remove(peer: string): void {
    this.#peers.delete(peer);
  }

  inventoryOf(peer: string): TenureInventory | undefined {
    return this.#peers.get(peer)?.inventory;
  }

  /** Whether a peer has cycles left to be asked for in its pass. */
  isAsking(peer: string): boolean {
    return this.#peers.get(peer)?.phase === 'asking';
  }

  /** The peers that claim the tenure that started at this height. */
  servedBy(burnHeight: number): readonly string[] {
    return [...this.#peers].filter(([, { inventory }]) => inventory.has(burnHeight)).map(([peer]) => peer);
  }

  /**
   * A new sortition: `topCycle` is that of its height, or of the next where the Stacks tip is there already. All peers restart once, a second later,
   * at the cycle before the tip's.
   */
  onSortition(tipCycle: number, topCycle: number, now: number): void {
    this.#topCycle = topCycle;
    this.#burstAt = now + BURST_DELAY;
    this.#burstCycle = tipCycle - 1;
  }

  /** The requests to send now. */
  poll(now: number, isInitialDownload: boolean): readonly InventoryRequest[] {
    if (this.#burstAt !== undefined && now >= this.#burstAt) {
      this.#burstAt = undefined;
      for (const peer of this.#peers.values()) this.#restart(peer, Math.min(this.#burstCycle, peer.phase === 'asking' ? peer.cycle : this.#burstCycle), now);
    }
    const requests: InventoryRequest[] = [];
    for (const [id, peer] of this.#peers) {
      if (peer.phase !== 'asking' && now - peer.startedAt >= INVENTORY_INTERVAL) this.#restart(peer, this.#topCycle - CYCLES_BACK, now);
      if (peer.phase !== 'asking' || peer.isInFlight || (isInitialDownload && !peer.isBootstrap)) continue;
      if (peer.cycle > this.#topCycle) {
        peer.phase = 'resting';
        continue;
      }
      const consensusHash = this.#options.askedHash(peer.cycle);
      if (consensusHash === undefined) continue;
      peer.isInFlight = true;
      requests.push({ peer: id, cycle: peer.cycle, message: { kind: 'GetNakamotoInv', consensusHash } });
    }
    return requests;
  }

  /** What a peer answered to the request in flight. `disconnect`: it answered something else than an inventory or a refusal. */
  receive(id: string, cycle: number, message: PeerMessage): 'ok' | 'disconnect' {
    const peer = this.#peers.get(id);
    if (!peer) return 'ok';
    const isWanted = peer.isInFlight && cycle === peer.cycle;
    peer.isInFlight = false;
    if (message.kind === 'Nack') {
      // A peer that does not know a burn block yet is through for this pass; one that refuses is left alone until the next.
      if (isWanted && peer.phase === 'asking') peer.phase = message.code === nackCodes.unknownBlock ? 'resting' : 'off';
      return 'ok';
    }
    if (message.kind !== 'NakamotoInv' || message.tenures.length > this.#options.rules.cycleLength) {
      this.remove(id);
      return 'disconnect';
    }
    peer.inventory.replace(cycle, bitsOf(message.tenures));
    if (isWanted) peer.cycle += 1;
    return 'ok';
  }

  /** The deadline of the request in flight passed: the peer is left alone until its next pass. */
  onTimeout(id: string): void {
    const peer = this.#peers.get(id);
    if (!peer) return;
    peer.isInFlight = false;
    peer.phase = 'off';
  }

  #restart(peer: Peer, cycle: number, now: number): void {
    peer.phase = 'asking';
    peer.cycle = Math.max(this.#options.firstCycle, cycle);
    peer.startedAt = now;
  }
}
