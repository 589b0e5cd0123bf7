/**
 * Keeps the inventories of several peers: of Nakamoto, and of epoch 2.x while the Stacks tip is a block of it (Stacks reference, 10 and 11). The machines are in
 * `chain/`; this file gives them the time, sends what they ask and hands in what comes back. A peer that answers wrongly is disconnected; none waits for another.
 * Tests: `test/stacks/inventory-nakamoto.test.ts`, `test/stacks/inventory-epoch2.test.ts`, `test/stacks/inventory-work-states.test.ts`.
 * @module
 */
import type { Clock } from '../../../base/clock.ts';
import { codeOf } from '../../../base/coded-error.ts';
import { connectionsToClose } from '../chain/anti-entropy.ts';
import { BlocksInventorySync, type BlocksSyncContext, type PeerStatus } from '../chain/blocks-inventory-sync.ts';
import { cycleOf, type CycleRules } from '../chain/cycles.ts';
import { BURST_DELAY, NakamotoInventories } from '../chain/nakamoto-inventories.ts';
import type { PeerBlocksInventory } from '../chain/peer-blocks-inventory.ts';
import type { TenureInventory } from '../chain/tenure-inventory.ts';
import { machinesOf, type WorkState } from '../chain/work-states.ts';
import type { PeerMessage } from '../wire/peer-message.ts';
import { Epoch2Work } from './epoch2-work.ts';
import { PeerConnectionError } from './peer-connection-error.ts';
import type { PeerConnection } from './peer-connection.ts';
import type { Reply } from './pending-replies.ts';

/** Milliseconds between two passes at most; a reply leads to one at once. All intervals of the machines are seconds or more. */
export const PASS_TIME = 1_000;
/** Connections that are kept by default. Each costs a request in 150 s at least. */
const MAX_CONNECTIONS = 16;

/** What this side knows of Bitcoin and Stacks. */
export interface InventoryView {
  /** The newest sortition. */
  readonly burnHeight: number;
  /** 40 hex digits: another one is a new sortition. */
  readonly consensusHash: string;
  /** The newest Stacks block: the height of its tenure's sortition. */
  readonly stacksTip: { readonly burnHeight: number; readonly isNakamotoBlock: boolean };
  /** In it only the peers of the network's file are asked for Nakamoto inventories. */
  readonly isInitialDownload: boolean;
  /** The consensus hash of the height one above a cycle's first; undefined where it is not known. */
  readonly askedHash: (cycle: number) => string | undefined;
  /** Our own PoX bit of a cycle. */
  readonly hasAnchor: (cycle: number) => boolean;
}

export type InventoryPeer = Pick<PeerConnection, 'request' | 'close' | 'closed'>;

export interface InventorySyncOptions {
  readonly clock: Clock;
  readonly rules: CycleRules;
  /** The first Bitcoin height with Nakamoto tenures. */
  readonly firstNakamotoHeight: number;
  readonly view: InventoryView;
  readonly maxConnections?: number | undefined;
  /** A pass of the downloads of epoch 2.x: whether they still run. */
  readonly downloads?: (() => boolean) | undefined;
  readonly onWorkState?: ((state: WorkState) => void) | undefined;
  /** An inventory of a peer may have changed. */
  readonly onInventory?: ((peer: string) => void) | undefined;
  /** A peer is gone. */
  readonly onGone?: ((peer: string, reason: PeerConnectionError) => void) | undefined;
}

export interface PeerInventory {
  readonly peer: string;
  readonly tenures: TenureInventory;
  readonly blocks: PeerBlocksInventory;
  /** In epoch 2.x. */
  readonly status: PeerStatus;
}

interface Peer {
  readonly connection: InventoryPeer;
  readonly blocks: BlocksInventorySync;
  /** Requests under way. */
  open: number;
  usedAt: number;
}

export class InventorySync {
  readonly #options: InventorySyncOptions;
  readonly #nakamoto: NakamotoInventories;
  readonly #work: Epoch2Work;
  readonly #peers = new Map<string, Peer>();
  readonly #stopped = new AbortController();
  #view: InventoryView;
  #cancelPass: () => void;
  #cancelBurst: () => void = () => {};

  constructor(options: InventorySyncOptions) {
    const { rules, firstNakamotoHeight, view, clock, onWorkState = () => {} } = options;
    this.#options = options;
    this.#view = view;
    this.#nakamoto = new NakamotoInventories({ rules, firstCycle: cycleOf(firstNakamotoHeight, rules), askedHash: (cycle) => this.#view.askedHash(cycle) });
    this.#work = new Epoch2Work({ inventories: () => this.#pollBlocks(), downloads: () => options.downloads?.() ?? false, prune: () => this.#prune() }, onWorkState);
    // What is known at the start is no new sortition: there is no burst.
    this.#tellSortition(clock.monotonic() - BURST_DELAY);
    this.#nakamoto.poll(clock.monotonic(), view.isInitialDownload);
    this.#cancelPass = this.#nextPass();
  }

  get workState(): WorkState {
    return this.#work.state;
  }

  /** Takes a connection over: it is closed when its peer answers wrongly, when there are too many, or by `stop`. False: there are too many, or it is there already. */
  add(peer: string, connection: InventoryPeer, { isBootstrap }: { readonly isBootstrap: boolean }): boolean {
    const now = this.#options.clock.monotonic();
    if (this.#stopped.signal.aborted || !this.#nakamoto.add(peer, isBootstrap, now)) return false;
    this.#peers.set(peer, { connection, blocks: new BlocksInventorySync(this.#options.rules, now), open: 0, usedAt: now });
    void connection.closed.then((reason) => this.#onClosed(peer, connection, reason));
    this.#pass();
    return true;
  }

  /** A new sortition, or a new Stacks tip. After a new sortition all peers are asked again, once, a second later. */
  update(view: InventoryView): void {
    const isNew = view.consensusHash !== this.#view.consensusHash;
    this.#view = view;
    if (isNew) {
      this.#tellSortition(this.#options.clock.monotonic());
      this.#cancelBurst();
      this.#cancelBurst = this.#options.clock.after(BURST_DELAY, () => this.#pass());
    }
    this.#pass();
  }

  /** A peer announced something new: in epoch 2.x the inventories are not waited for. */
  hint(): void {
    if (this.#machines().epoch2) this.#work.hint();
    this.#pass();
  }

  /** Whether a peer has Nakamoto cycles left to be asked for in its pass; false for one that is gone. */
  isAsking(peer: string): boolean {
    return this.#nakamoto.isAsking(peer);
  }

  inventories(): readonly PeerInventory[] {
    return [...this.#peers].flatMap(([peer, { blocks }]) => {
      const tenures = this.#nakamoto.inventoryOf(peer);
      // A peer that answered wrongly is being disconnected.
      return tenures ? [{ peer, tenures, blocks: blocks.inventory, status: blocks.status }] : [];
    });
  }

  /** The peers that claim what began at this height: a tenure, or before Nakamoto a block. */
  servedBy(burnHeight: number): readonly string[] {
    if (burnHeight >= this.#options.firstNakamotoHeight) return this.#nakamoto.servedBy(burnHeight);
    return [...this.#peers].filter(([, { blocks }]) => blocks.inventory.hasBlock(burnHeight)).map(([peer]) => peer);
  }

  /** Of these heights those that any peer claims, with those peers: those that the fewest have first, then by height. */
  rarestFirst(burnHeights: readonly number[]): readonly { readonly burnHeight: number; readonly peers: readonly string[] }[] {
    const served = burnHeights.map((burnHeight) => ({ burnHeight, peers: this.servedBy(burnHeight) })).filter(({ peers }) => peers.length > 0);
    return served.toSorted((a, b) => a.peers.length - b.peers.length || a.burnHeight - b.burnHeight);
  }

  /** Closes all connections. */
  stop(): void {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort(new PeerConnectionError('stopped', 'the sync of inventories was stopped'));
    this.#cancelPass();
    this.#cancelBurst();
    for (const { connection } of this.#peers.values()) connection.close();
  }

  #tellSortition(now: number): void {
    const { rules } = this.#options;
    const tipCycle = cycleOf(this.#view.burnHeight, rules);
    this.#nakamoto.onSortition(tipCycle, Math.max(tipCycle, cycleOf(this.#view.stacksTip.burnHeight, rules)), now);
  }

  #machines(): ReturnType<typeof machinesOf> {
    const { burnHeight, stacksTip } = this.#view;
    return machinesOf({ burnHeight, isNakamotoBlock: stacksTip.isNakamotoBlock }, this.#options.firstNakamotoHeight);
  }

  #nextPass(): () => void {
    return this.#options.clock.after(PASS_TIME, () => {
      this.#pass();
      this.#cancelPass = this.#nextPass();
    });
  }

  #pass(): void {
    if (this.#stopped.signal.aborted) return;
    const { nakamoto, epoch2 } = this.#machines();
    if (nakamoto) this.#pollTenures();
    if (epoch2) this.#work.step();
    // With Nakamoto alone there is no round of states, and connections may be dropped in every pass.
    else this.#prune();
  }

  #pollTenures(): void {
    for (const { peer, cycle, message } of this.#nakamoto.poll(this.#options.clock.monotonic(), this.#view.isInitialDownload)) {
      void this.#ask(peer, message, ({ message: reply }) => this.#nakamoto.receive(peer, cycle, reply), () => this.#nakamoto.onTimeout(peer));
    }
  }

  /** Asks every peer what its machine of epoch 2.x wants; whether any is not through. */
  #pollBlocks(): boolean {
    const context = this.#blocksContext();
    for (const [peer, { blocks }] of this.#peers) {
      const message = blocks.poll(this.#options.clock.monotonic(), context);
      if (message) void this.#ask(peer, message, (reply) => blocks.receive(reply.message, reply.burnHeight, this.#blocksContext()), () => blocks.onTimeout());
    }
    return [...this.#peers.values()].some(({ blocks }) => blocks.state !== 'Done');
  }

  #blocksContext(): BlocksSyncContext {
    const { rules, firstNakamotoHeight } = this.#options;
    const { burnHeight, askedHash, hasAnchor } = this.#view;
    return { rules, topCycle: cycleOf(Math.min(burnHeight, firstNakamotoHeight - 1), rules), burnHeight, askedHash, hasAnchor };
  }

  async #ask(id: string, message: PeerMessage, receive: (reply: Reply) => 'ok' | 'disconnect', onTimeout: () => void): Promise<void> {
    const peer = this.#peers.get(id);
    if (!peer) return;
    peer.open += 1;
    try {
      const outcome = receive(await peer.connection.request(message, { signal: this.#stopped.signal }));
      peer.usedAt = this.#options.clock.monotonic();
      if (outcome === 'disconnect') peer.connection.close(new PeerConnectionError('wrong-message', `no answer to ${message.kind}`));
      else this.#options.onInventory?.(id);
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      // A peer whose connection ended is removed when that is told.
      if (codeOf(error) === 'timeout' || codeOf(error) === 'busy') onTimeout();
    } finally {
      peer.open -= 1;
    }
    this.#pass();
  }

  #prune(): void {
    const open = [...this.#peers].map(([peer, it]) => ({ peer, isPinned: it.open > 0, usedAt: it.usedAt }));
    for (const peer of connectionsToClose(open, this.#options.maxConnections ?? MAX_CONNECTIONS)) this.#peers.get(peer)?.connection.close();
  }

  #onClosed(peer: string, connection: InventoryPeer, reason: PeerConnectionError): void {
    if (this.#peers.get(peer)?.connection !== connection) return;
    this.#peers.delete(peer);
    this.#nakamoto.remove(peer);
    this.#options.onGone?.(peer, reason);
  }
}
