import type { Random } from '../src/base/random.ts';
import type { Hash } from '../src/base/hash.ts';
import type { Block, MacroBlock } from '../src/chains/albatross/wire/types.ts';
import { devBlock, type ChainView, type DevBlock } from './dev-block.ts';
import { DevChain } from './chain.ts';
import type { Policy } from '../src/chains/albatross/chain/policy.ts';
import { BLOCK_FAULTS, faultFits, type BlockFault } from './faults.ts';
import type { BlockState } from './ledger/block-state.ts';
import { LIE, makeAlternate, type Lie } from './alternates.ts';
import type { Prover, ProvenBlock } from './prover.ts';
import type { DevValidator } from './validators.ts';
import type { ZkpMode } from './zkp-mode.ts';

/** A fault that a test requests from a peer. */
export interface FaultRequest {
  readonly fault: string;
  /** Number of blocks with the fault; default 1. */
  readonly count?: number;
  /** Only the block at this height, which may exist already. For a fault of behaviour: only requests for that block by its hash. */
  readonly height?: number;
  /** Only blocks of this kind. */
  readonly on?: 'micro' | 'checkpoint' | 'election';
}

/** A block that the peer now serves in place of the honest one. */
export interface Replacement {
  readonly fault: string;
  readonly height: number;
  readonly made: DevBlock;
  readonly instead: DevBlock | undefined;
}

interface Armed {
  readonly request: FaultRequest;
  readonly fault: BlockFault;
  left: number;
}

export interface PeerViewOptions {
  readonly chain: DevChain;
  readonly random: Random;
  /** Keys that no election block names. */
  readonly attacker: DevValidator;
  /** The forged chain that the peer serves as soon as it exists, if the peer lies. */
  readonly lie?: (() => Lie) | undefined;
  readonly now: () => number;
  /** Without it, the peer has no zero-knowledge proofs. */
  readonly zkp?: { readonly prover: Prover; readonly mode: () => ZkpMode | undefined } | undefined;
}

/**
 * The chain as one peer serves it: the honest chain with some blocks replaced by faulty ones, or frozen at a height, or a different
 * chain. All announcements and answers of the peer come from here. So a faulty block shows in heads, replies and announcements
 * alike, while a request for an honest block by its hash still finds it.
 */
export class PeerView implements ChainView {
  readonly #options: PeerViewOptions;
  readonly #replaced = new Map<number, DevBlock>();
  readonly #byHash = new Map<Hash, DevBlock>();
  #armed: Armed[] = [];
  #alternate: { readonly name: string; readonly chain: DevChain } | undefined;
  /** Shared with the other lying peers. */
  #lie: Lie | undefined;
  #frozenAt: number | undefined;

  constructor(options: PeerViewOptions) {
    this.#options = options;
  }

  get #chain(): DevChain {
    return this.#alternate?.chain ?? this.#lie?.chain ?? this.#options.chain;
  }

  /** The honest chain, whatever is served. */
  get honest(): DevChain {
    return this.#options.chain;
  }

  get policy(): Policy {
    return this.#options.chain.policy;
  }

  /** Names of the block faults that have not taken effect yet. */
  get faults(): readonly string[] {
    return [...this.#armed.map(({ request }) => request.fault), ...(this.#alternate ? [this.#alternate.name] : []), ...(this.#lie ? [LIE] : [])];
  }

  get head(): DevBlock {
    const height = this.#frozenAt === undefined ? this.#chain.head.height : Math.min(this.#frozenAt, this.#chain.head.height);
    return this.at(height) ?? this.#chain.head;
  }

  get macroHead(): DevBlock {
    return this.at(this.policy.lastMacroBlock(this.#height())) ?? this.#chain.macroHead;
  }

  get electionHead(): DevBlock {
    return this.at(this.policy.lastElectionBlock(this.#height())) ?? this.#chain.electionHead;
  }

  #height(): number {
    return Math.min(this.#frozenAt ?? Infinity, this.#chain.head.height);
  }

  /** The peer's proof mode: the option's value, or the default for the newest election block. */
  get zkpMode(): ZkpMode {
    const { zkp } = this.#options;
    return zkp ? (zkp.mode() ?? (this.electionHead.block.header.version >= 2 ? 'none' : 'fresh')) : 'none';
  }

  /** The newest proof in its own mode or the given one; undefined if it has none. */
  proven(mode: ZkpMode = this.zkpMode): ProvenBlock | undefined {
    return this.#options.zkp?.prover.provenIn(this, mode);
  }

  /** A proof that leads to the block from a genesis block other than the network's. */
  proofFromElsewhere(block: MacroBlock): Uint8Array | undefined {
    return this.#options.zkp?.prover.prove(block, block);
  }

  at(height: number): DevBlock | undefined {
    if (this.#frozenAt !== undefined && height > this.#frozenAt) return undefined;
    return this.#kept(this.#replaced.get(height) ?? this.#chain.at(height));
  }

  /**
   * The block, unless it is pruned. At the last block of an epoch, a node drops all blocks of the previous epoch except its
   * election block, with checkpoints and branches (default of history and full nodes, `max_epochs_stored` 1).
   */
  #kept(block: DevBlock | undefined): DevBlock | undefined {
    const { policy } = this;
    const pruned = block && block.kind !== 'election' && block.height < policy.electionBlockBefore(policy.lastElectionBlock(this.#height()));
    return pruned ? undefined : block;
  }

  byHash(hash: Hash): DevBlock | undefined {
    const found = this.#kept(this.#byHash.get(hash) ?? this.#chain.byHash(hash));
    return found && this.#frozenAt !== undefined && found.height > this.#frozenAt ? undefined : found;
  }

  /** A replaced block has the honest body, if it has one of its own kind at all. */
  stateOf(block: DevBlock): BlockState {
    return this.#chain.stateOf(block, (hash) => this.#byHash.get(hash));
  }

  /** An honest block counts even where a faulty one replaces it; the reply then contains the faulty one. */
  electionHashAt(height: number): Hash | undefined {
    return this.at(height)?.hash;
  }

  onMain(block: DevBlock): boolean {
    return this.at(block.height)?.hash === block.hash || (this.#chain.onMain(block) && this.#kept(block) !== undefined);
  }

  /** Makes the peer ignore all blocks after `height` (undefined: follow the chain again). */
  freeze(height: number | undefined): void {
    this.#frozenAt = height;
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined;
  }

  /** Removes all block faults and returns to the honest chain. */
  clear(): void {
    this.#armed = [];
    this.#replaced.clear();
    this.#byHash.clear();
    this.#alternate = undefined;
    this.#lie = undefined;
    this.#frozenAt = undefined;
  }

  /** Switches to an alternate chain of the attacker. */
  useAlternate(name: string): readonly Replacement[] {
    const { chain, attacker, lie } = this.#options;
    if (name === LIE) {
      if (!lie) throw new Error('this peer has nothing to lie with');
      this.#lie = lie();
      return this.#told();
    }
    const alternate = makeAlternate(name, chain, attacker);
    this.#alternate = { name, chain: alternate };
    const first = alternate.electionHead;
    return [{ fault: name, height: first.height, made: first, instead: chain.at(first.height) }];
  }

  /** The forged election block, if it exists by now. */
  #told(): readonly Replacement[] {
    const forged = this.#lie?.forged;
    return forged ? [{ fault: LIE, height: forged.height, made: forged, instead: this.#options.chain.at(forged.height) }] : [];
  }

  /** Arms a block fault. If the given height exists already, its block is replaced now. */
  arm(request: FaultRequest): readonly Replacement[] {
    const fault = BLOCK_FAULTS[request.fault];
    if (!fault) throw new Error(`no block fault ${request.fault}`);
    const armed: Armed = { request, fault, left: request.height === undefined ? (request.count ?? 1) : 1 };
    const existing = request.height === undefined ? undefined : this.#chain.at(request.height);
    if (existing) return this.#apply(armed, existing);
    this.#armed.push(armed);
    return [];
  }

  /**
   * Takes a new honest block. Returns the block that this peer has in its place, and whether a fault replaced it. Faults leave
   * blocks of side branches alone.
   */
  added(honest: DevBlock): { readonly block: DevBlock; readonly replacements: readonly Replacement[] } {
    if (this.#alternate) {
      const { chain } = this.#alternate;
      while (chain.head.height < honest.height) chain.produce();
      return { block: chain.head, replacements: [] };
    }
    const lying = this.#lie?.chain;
    if (lying) return { block: lying.head, replacements: honest.height === this.#lie?.from ? this.#told() : [] };
    if (!this.#chain.onMain(honest)) return { block: honest, replacements: [] };
    for (const armed of this.#armed) {
      const { height, on } = armed.request;
      if ((height !== undefined && height !== honest.height) || (on !== undefined && on !== honest.kind) || !faultFits(armed.fault, honest)) continue;
      const replacements = this.#apply(armed, honest);
      if (replacements.length === 0) continue;
      armed.left--;
      this.#armed = this.#armed.filter(({ left }) => left > 0);
      return { block: this.at(honest.height) ?? honest, replacements };
    }
    return { block: honest, replacements: [] };
  }

  #apply(armed: Armed, honest: DevBlock): readonly Replacement[] {
    const { random, attacker, now } = this.#options;
    const chain = this.#chain;
    const made = armed.fault.make(honest.block, {
      chain,
      parent: chain.at(honest.height - 1),
      validators: chain.validatorsAt(honest.height),
      attacker,
      random,
      now: now(),
    });
    return made.map(({ height, block }) => {
      const instead = chain.at(height);
      const body = instead?.block.type === block.type && instead.block.header.bodyRoot === block.header.bodyRoot ? instead.block.body : undefined;
      const replacement = { ...devBlock({ ...block, body } as Block), height };
      this.#replaced.set(height, replacement);
      this.#byHash.set(replacement.hash, replacement);
      return { fault: armed.request.fault, height, made: replacement, instead };
    });
  }
}
