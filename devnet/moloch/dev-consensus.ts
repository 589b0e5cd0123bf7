import { makeEvent } from './dev-events.ts';
import { DevnetError } from '../devnet-error.ts';
import { makeBlock, vote, type BlockParts, type DevBlock } from './dev-block.ts';
import { keyOf, type DevKey } from './dev-key.ts';
import type { FinalitySignature } from '../../src/chains/moloch/wire/trusted-header.ts';

/** Validators of the local network, and the votes that make a block final: 2n/3 rounded down, and one (Moloch reference, 2.4 and 4.5). */
export const VALIDATORS = 4;
export const THRESHOLD = Math.floor((2 * VALIDATORS) / 3) + 1;
/** Milliseconds between two blocks that are made on command. */
const STEP = 1000;
/** Events of a block follow from its height: this pattern, again and again. Blocks without events are among them. */
const EVENTS = [2, 0, 3, 1, 5];

/** A node's part in making blocks. */
export interface ConsensusNode {
  readonly index: number;
  running: boolean;
  /** Its validators do not vote. */
  withholds: boolean;
  readonly chain: DevBlock[];
  /** The newest height that is final for it. */
  final: number;
}

/** What a node tells its clients. Called in the order in which things happen. */
export interface ConsensusEvents {
  readonly block: (node: ConsensusNode, block: DevBlock) => void;
  readonly vote: (node: ConsensusNode, block: DevBlock, vote: FinalitySignature) => void;
  readonly final: (node: ConsensusNode, block: DevBlock) => void;
}

export interface ConsensusOptions {
  readonly seed: string;
  readonly nodes: number;
  /** Unix milliseconds of the genesis. */
  readonly genesisTime: number;
  /** Unix milliseconds for a block that is not older; undefined: one second after its parent. */
  readonly now?: (() => number) | undefined;
}

/** How blocks come to be: sealed in turn, then voted for; three votes of four make a block and all before it final. Synchronous and repeatable. */
export class DevConsensus {
  readonly validators: readonly DevKey[];
  readonly nodes: readonly ConsensusNode[];
  readonly genesis: DevBlock;
  readonly #options: ConsensusOptions;
  readonly #events: ConsensusEvents;
  readonly #users: readonly DevKey[];
  #groups: readonly (readonly number[])[];
  /** Counts the branches, so that no two blocks of one height are alike. */
  #branch = 0;

  constructor(options: ConsensusOptions, events: ConsensusEvents) {
    this.#options = options;
    this.#events = events;
    const keys = (role: 'validator' | 'user', count: number) => Array.from({ length: count }, (_, index) => keyOf(options.seed, role, index));
    this.validators = keys('validator', VALIDATORS);
    this.#users = keys('user', 5);
    this.genesis = makeBlock(undefined, { sealer: this.validators[0]!, sealerName: undefined, time: options.genesisTime, events: [] });
    for (const validator of this.validators) vote(this.genesis, validator);
    this.nodes = Array.from({ length: options.nodes }, (_, index) => ({ index, running: true, withholds: false, chain: [this.genesis], final: 0 }));
    this.#groups = [this.nodes.map(({ index }) => index)];
  }

  /** Whether blocks and votes of one node reach the other. */
  get groups(): readonly (readonly number[])[] {
    return this.#groups;
  }

  /** Each part of a partition makes `n` blocks. Those of the first part are returned. Throws `DevnetError` (`impossible`). */
  produce(n: number): readonly DevBlock[] {
    const parts = this.#parts();
    if (parts.length === 0) throw new DevnetError('impossible', 'no node with a validator runs');
    const made: DevBlock[] = [];
    for (let i = 0; i < n; i += 1) {
      for (const [part, nodes] of parts.entries()) {
        const block = this.#next(nodes[0]!.chain.at(-1)!, nodes);
        this.#deliver(nodes, block);
        if (part === 0) made.push(block);
      }
    }
    return made;
  }

  /**
   * Makes a branch of `n` blocks beside the last `back` ones, which must not be final, and votes for it. The running nodes of the first part change over
   * to it. Throws `DevnetError` (`impossible`).
   */
  fork(back: number, n: number): readonly DevBlock[] {
    const [nodes] = this.#parts();
    if (nodes === undefined) throw new DevnetError('impossible', 'no node with a validator runs');
    const { chain, final } = nodes[0]!;
    const from = chain.length - 1 - back;
    if (from < final) throw new DevnetError('impossible', `a branch after block ${from}, but block ${final} is final`);
    this.#branch += 1;
    const made: DevBlock[] = [];
    let parent = chain[from]!;
    for (let i = 0; i < n; i += 1) {
      parent = this.#next(parent, nodes);
      made.push(parent);
      this.#deliver(nodes, parent);
    }
    return made;
  }

  /** Only nodes of one group hear each other. Those that are in no group are alone. Without groups all hear all. The groups that come together take the best chain. */
  partition(groups: readonly (readonly number[])[]): void {
    const all = this.nodes.map(({ index }) => index);
    const named = groups.flat();
    if (named.some((index) => !all.includes(index)) || new Set(named).size !== named.length) throw new DevnetError('unknown-peer', 'each group names nodes, and each node once');
    this.#groups = groups.length === 0 ? [all] : [...groups, ...all.filter((index) => !named.includes(index)).map((index) => [index])];
    this.settle();
  }

  /** The running nodes of each group take the best chain of the group, after a partition or a start. */
  settle(): void {
    for (const group of this.#groups) {
      const nodes = group.map((index) => this.nodes[index]!).filter(({ running }) => running);
      const [best] = nodes.toSorted((a, b) => compareChains(b, a));
      for (const node of nodes) if (best !== undefined && node !== best) this.#adopt(node, best);
    }
  }

  /** A chain that is another one from `height` on, as long as `chain`, sealed and signed by all validators: what they may never do. */
  equivocate(chain: readonly DevBlock[], height: number, known: readonly DevBlock[]): readonly DevBlock[] {
    if (known.length >= chain.length) return known;
    const other = known.length > height ? [...known] : chain.slice(0, height);
    while (other.length < chain.length) {
      const block = this.#make(other.at(-1)!, this.validators[other.length % VALIDATORS]!, 1_000_003);
      for (const validator of this.validators) vote(block, validator);
      other.push(block);
    }
    return other;
  }

  /** The running nodes of each group; those in front that hold a validator. */
  #parts(): (readonly ConsensusNode[])[] {
    return this.#groups
      .map((group) => group.map((index) => this.nodes[index]!).filter(({ running }) => running))
      .filter((nodes) => nodes.some((node) => this.validatorsOf(node).length > 0));
  }

  /** Validator v is run by node v modulo the number of nodes. */
  validatorsOf({ index }: ConsensusNode): readonly DevKey[] {
    return this.validators.filter((_, validator) => validator % this.nodes.length === index);
  }

  /** The sealer is validator height modulo n; in a part without it the next one that is there. */
  #next(parent: DevBlock, nodes: readonly ConsensusNode[]): DevBlock {
    const present = new Set(nodes.flatMap((node) => this.validatorsOf(node)));
    const turn = (parent.height + 1) % VALIDATORS;
    const sealer = [...this.validators.slice(turn), ...this.validators.slice(0, turn)].find((validator) => present.has(validator))!;
    return this.#make(parent, sealer, this.#branch + 1000 * nodes[0]!.index);
  }

  #make(parent: DevBlock, sealer: DevKey, salt: number): DevBlock {
    const height = parent.height + 1;
    const { now } = this.#options;
    const time = now === undefined ? parent.block.header.time + STEP : Math.max(parent.block.header.time + 1, now());
    const first = 11 * Math.floor(height / EVENTS.length) + EVENTS.slice(0, height % EVENTS.length).reduce((sum, count) => sum + count, 0);
    // The salt is in the events' numbers, and in the sealer's name for blocks without events.
    const events = Array.from({ length: EVENTS[height % EVENTS.length]! }, (_, i) => makeEvent(first + i + 37 * salt, time, this.#users[(first + i) % this.#users.length]!));
    const index = this.validators.indexOf(sealer);
    const parts: BlockParts = { sealer, sealerName: salt > 0 ? `sealer-${index}/${salt}` : index % 2 === 0 ? undefined : `sealer-${index}`, time, events };
    return makeBlock(parent, parts);
  }

  /** The block reaches the nodes, then the votes, one after the other. */
  #deliver(nodes: readonly ConsensusNode[], block: DevBlock): void {
    for (const node of nodes) {
      node.chain.splice(block.height);
      node.chain.push(block);
      this.#events.block(node, block);
    }
    for (const voter of nodes.filter(({ withholds }) => !withholds)) {
      for (const validator of this.validatorsOf(voter)) {
        const cast = vote(block, validator);
        for (const node of nodes) {
          this.#events.vote(node, block, cast);
          if (block.votes.size !== THRESHOLD) continue;
          node.final = block.height;
          this.#events.final(node, block);
        }
      }
    }
  }

  #adopt(node: ConsensusNode, best: ConsensusNode): void {
    const common = best.chain.findIndex((block, height) => node.chain[height] !== block);
    if (common >= 0) {
      node.chain.splice(common);
      node.chain.push(...best.chain.slice(common));
      for (const block of node.chain.slice(common)) this.#events.block(node, block);
    }
    if (best.final <= node.final) return;
    node.final = best.final;
    this.#events.final(node, node.chain[node.final]!);
  }
}

/** Positive: `a` is better. Final before not final, then more votes where they part, then longer. */
function compareChains(a: ConsensusNode, b: ConsensusNode): number {
  const parting = a.chain.findIndex((block, height) => b.chain[height] !== block);
  const votes = (node: ConsensusNode) => (parting < 0 ? 0 : (node.chain[parting]?.votes.size ?? 0));
  return a.final - b.final || votes(a) - votes(b) || a.chain.length - b.chain.length;
}
