/**
 * A gateway as the sync and the live client use it: it proves the newest confirmed block, serves headers by height, and closes the gap below a block that it
 * announces, before that block is told.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { ChainPeer, PeerHandlers } from '../../../engine/follow/followed-chain.ts';
import type { Fault, Target } from '../../../engine/sync/sync-chain.ts';
import { PeerFault, type AskOptions, type PeerClaims, type Sized } from '../../../engine/sync/sync-peer.ts';
import { cycleOf } from '../chain/cycles.ts';
import { itemOfHeader, type StacksBlock, type StacksItem } from '../chain/stacks-block.ts';
import { encodeHeader, type NakamotoHeader } from '../wire/header.ts';
import type { Gateway } from '../net/gateway.ts';
import type { GatewaySession } from '../net/gateway-session.ts';
import { learnCycles } from './learn-cycles.ts';
import type { ProofTurns } from './proof-turns.ts';
import { proveTarget, type ProveOptions } from './prove-target.ts';
import { rememberingGateway } from './remembering-gateway.ts';
import { refused } from './read-state.ts';
import { faultOf } from './run-rules.ts';

/** Headers that are fetched below an announced block, one after the other; a larger gap is closed by height. */
const MAX_GAP = 32;

/** The connection of a gateway. Its claim is the height that it calls confirmed. */
export type GatewayLine = Pick<GatewaySession, 'id' | 'address' | 'transport' | 'latency' | 'received' | 'claims' | 'tip' | 'close' | 'getBlocks' | 'burnHeightOf' | 'minerOf'> & { readonly gateway: Gateway };

export interface GatewayPeerOptions extends ProveOptions {
  readonly line: GatewayLine;
  /** Shared by all gateways. */
  readonly turns: ProofTurns;
  readonly handlers: Pick<PeerHandlers<StacksBlock, never>, 'announced' | 'claims' | 'fault'>;
  /** Ends with the connection. */
  readonly signal: AbortSignal;
  /** What a gateway made impossible that is no fault of it: a coded error. */
  readonly onStopped: (error: Error) => void;
}

export class GatewayPeer implements ChainPeer<StacksBlock> {
  readonly #options: GatewayPeerOptions;
  /** What the newest proof fetched, by height. */
  #branch: readonly StacksItem[] = [];
  #proven: { readonly height: number; readonly continues: boolean } | undefined;
  /** The newest block that was announced and not told; an earlier one is left out, because hashes lead down to it. */
  #waiting: StacksItem | undefined;
  /** The newest block that was announced. */
  #newest: StacksItem | undefined;
  #isTelling = false;

  readonly gateway: Gateway;

  constructor(options: GatewayPeerOptions) {
    this.#options = options;
    this.gateway = rememberingGateway(options.line.gateway);
  }

  get id(): string {
    return this.#options.line.id;
  }

  get address(): string {
    return this.#options.line.address;
  }

  get transport(): ChainPeer<StacksBlock>['transport'] {
    return this.#options.line.transport;
  }

  get latency(): number | undefined {
    return this.#options.line.latency;
  }

  get received(): number {
    return this.#options.line.received;
  }

  /** Of its newest block, which is not confirmed. Only what it has proven can be jumped to. */
  get claims(): PeerClaims {
    const { claims, tip } = this.#options.line;
    return { height: tip.tipHeight, earliest: claims.earliest, final: claims.height, snapshot: this.#proven?.continues ? this.#proven.height : undefined };
  }

  close(code?: string): void {
    this.#options.line.close(code);
  }

  /** It has broken a rule outside of the sync, such as by a false proof of a value. */
  fault(fault: Fault): void {
    this.#options.handlers.fault(fault);
  }

  async proveTarget(_atLeast: number, { signal }: AskOptions): Promise<Target> {
    try {
      const { target, continues, branch } = await this.#options.turns.run(() => proveTarget(this.gateway, this.#options, { signal }), signal);
      if (branch.length > 0) this.#branch = branch;
      this.#proven = { height: target.height, continues };
      return { ...target, proven: true };
    } catch (error) {
      if (error instanceof Error && error.name === 'StacksClientError') this.#options.onStopped(error);
      throw error;
    }
  }

  /** What the newest proof fetched is not fetched again. */
  async getBlocks(from: number, count: number, { signal }: AskOptions): Promise<Sized<readonly StacksItem[]>> {
    // Once the chain has it, it may be on another branch than the gateway's newest one.
    const branch = this.#options.chain.holds(this.#branch.at(-1)?.id ?? '') ? [] : this.#branch;
    const known = branch.filter(({ height }) => height >= from && height < from + count);
    if (known[0]?.height === from) return { value: known, size: 0 };
    // Up to where the proof has them.
    const missing = Math.min(count, (known[0]?.height ?? Infinity) - from);
    return this.#options.line.getBlocks(from, missing, { signal });
  }

  async getManifest(height: number | undefined): Promise<Sized<Uint8Array>> {
    const placed = this.#options.chain.proven.at(height ?? this.#proven?.height ?? 0);
    if (!placed) throw refused('no confirmed block was proven');
    const value = encodeHeader(placed.item.block.header);
    return { value, size: 0 };
  }

  async getChunk(): Promise<Sized<Uint8Array>> {
    throw refused('a header has no chunks');
  }

  /** A block that the gateway calls its newest. It is told after its parents, and after the signers of its cycle are proven. */
  announced(item: StacksItem): void {
    // Its signers are verified by now.
    if (this.#newest) this.#compareMiner(this.#newest);
    this.#waiting = item;
    this.#newest = item;
    this.#options.handlers.claims(this.claims);
    if (!this.#isTelling) void this.#tell();
  }

  /** A miner that the gateway tells otherwise than the signed block is a fault of the gateway alone: the block stays. */
  #compareMiner({ id, height, block: { header } }: StacksItem): void {
    const { chain, line, handlers } = this.#options;
    if (chain.certifier.hasOtherMiner(id, line.minerOf(header.consensusHash))) handlers.fault(faultOf('miner', { id, height }));
  }

  /** The chain stands still: the client, which asks it with each announcement, has to learn that also when there is no new block. */
  tellHalt(): void {
    if (this.#newest) this.#options.handlers.announced({ kind: 'block', item: this.#newest });
  }

  /** An item of a header, with the Bitcoin height of its tenure as this gateway tells it. */
  async itemOf(header: NakamotoHeader, options: AskOptions): Promise<StacksItem> {
    return itemOfHeader(header, await this.#options.line.burnHeightOf(header.consensusHash, options));
  }

  async #tell(): Promise<void> {
    const { handlers, signal } = this.#options;
    this.#isTelling = true;
    while (this.#waiting && !signal.aborted) {
      const item = this.#waiting;
      this.#waiting = undefined;
      try {
        for (const one of await this.#withParents(item, { signal })) {
          await this.#gate(one, { signal });
          handlers.announced({ kind: 'block', item: one });
        }
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof PeerFault) handlers.fault({ code: error.code, weight: error.weight, data: error.data });
        if (error instanceof Error && error.name === 'StacksClientError') this.#options.onStopped(error);
        // What is missing is noticed as a gap, and what waits for signers is announced again with the next block.
        if (!(error instanceof PeerFault)) handlers.announced({ kind: 'block', item });
      }
    }
    this.#isTelling = false;
  }

  /** The announced block with those below it that are not here, ascending. */
  async #withParents(item: StacksItem, options: AskOptions): Promise<readonly StacksItem[]> {
    const { chain } = this.#options;
    const items = [item];
    const branch = new Map<Hash, StacksItem>(this.#branch.map((known) => [known.id, known]));
    if (item.height - chain.head().height > MAX_GAP) return items;
    for (let lowest = item; !chain.holds(lowest.parent) && lowest.height > chain.tip().height + 1 && items.length <= MAX_GAP; ) {
      const known = branch.get(lowest.parent);
      const header = known ? undefined : (await this.gateway.header(lowest.parent, options))?.value;
      if (!known && !header) break;
      lowest = known ?? (await this.itemOf(header!, options));
      items.push(lowest);
    }
    return items.toReversed();
  }

  /** The reward-set gate: a block of a cycle whose signers are not proven waits until they are. */
  async #gate({ block: { burnHeight } }: StacksItem, { signal }: AskOptions): Promise<void> {
    const { chain, network } = this.#options;
    if (burnHeight === undefined) return;
    const cycle = cycleOf(burnHeight, network);
    if (!chain.cycles.has(cycle) && cycle > chain.cycles.newest) await learnCycles(this.gateway, cycle, { ...this.#options, cycles: chain.cycles, signal });
  }
}
