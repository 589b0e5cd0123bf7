// Tests: `src/chains/stacks/client/learn-cycles.test.ts`, `src/chains/stacks/client/old-signers.test.ts`.
/**
 * The signer sets that are trusted: that of the checkpoint, and those that a hand-over from the set before proved. There is no gap, and nothing is forgotten.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { blockId } from '../chain/hash.ts';
import { checkpointSet, type StacksCheckpoint } from '../chain/network.ts';
import { totalWeight, type SignerSet } from '../chain/signer-set.ts';
import type { SignedWeight } from '../chain/signer-rules.ts';
import type { StacksCycle } from '../chain/details.ts';
import { MAX_HAND_OVERS } from '../proofs/proof-file.ts';
import type { Floor, ProofStatement } from '../proofs/statement.ts';

/** A set with what proves it. */
export interface HandOver {
  /** Of the cycle that it hands over to. */
  readonly set: SignerSet;
  readonly statement: ProofStatement;
  /** Below it nothing is that the set certifies. */
  readonly floor: Floor;
  readonly weight: SignedWeight;
  /** Tries that the proof passes. */
  readonly hops: number;
}

/** A cycle with the height of a block that a signer signed who was not in the set before: nobody else's copy of the signatures can show that. */
export interface BegunCycle {
  readonly cycle: number;
  readonly height: number;
}

export class KnownCycles {
  readonly #checkpoint: StacksCheckpoint;
  readonly #first: SignerSet;
  #handOvers: readonly HandOver[] = [];
  #begun: BegunCycle | undefined;

  constructor(checkpoint: StacksCheckpoint) {
    this.#checkpoint = checkpoint;
    this.#first = checkpointSet(checkpoint);
  }

  /** The newest cycle whose set is trusted. */
  get newest(): number {
    return this.#first.cycle + this.#handOvers.length;
  }

  /** Whether no further hand-over is taken: a proof file holds as many, and after more than two years a newer checkpoint is due. */
  get isFull(): boolean {
    return this.#handOvers.length >= MAX_HAND_OVERS;
  }

  /** Ascending by cycle. */
  get handOvers(): readonly HandOver[] {
    return this.#handOvers;
  }

  has(cycle: number): boolean {
    return this.setOf(cycle) !== undefined;
  }

  setOf(cycle: number): SignerSet | undefined {
    return cycle === this.#first.cycle ? this.#first : this.#handOvers[cycle - this.#first.cycle - 1]?.set;
  }

  /** Signers of the largest set that is trusted. */
  get mostSigners(): number {
    return Math.max(this.#first.members.length, ...this.#handOvers.map(({ set }) => set.members.length));
  }

  /** Height and time below which no block is that the set of this cycle certifies; of an unknown cycle none can be. */
  floorOf(cycle: number): Floor {
    const { block } = this.#checkpoint;
    if (cycle === this.#first.cycle) return { height: block.height, time: block.time };
    return this.#handOvers[cycle - this.#first.cycle - 1]?.floor ?? { height: Infinity, time: Infinity };
  }

  /**
   * Height from which on no block is that the set of this cycle certifies: a later cycle has begun, or the block that shows the set of the cycle after the next was certified
   * by the next one's set. So the keys of signers who left are of no use for long.
   */
  ceilingOf(cycle: number): number {
    const shown = this.#handOvers[cycle - this.#first.cycle + 1]?.statement.header.chainLength ?? Infinity;
    return this.#begun && this.#begun.cycle > cycle ? Math.min(shown, this.#begun.height) : shown;
  }

  /** The newest cycle that is known to have begun. */
  get begun(): BegunCycle | undefined {
    return this.#begun;
  }

  /** A confirmed block shows that a cycle has begun; of the newest cycle the lowest one counts. */
  begin(begun: BegunCycle): void {
    const known = this.#begun;
    if (!known || begun.cycle > known.cycle || (begun.cycle === known.cycle && begun.height < known.height)) this.#begun = begun;
  }

  /** Takes a hand-over that was verified with the newest set. Of another cycle than the next one it changes nothing, and false is returned. */
  add(handOver: HandOver): boolean {
    if (handOver.set.cycle !== this.newest + 1 || this.isFull) return false;
    this.#handOvers = [...this.#handOvers, handOver];
    return true;
  }

  /** What pages are told. */
  get views(): readonly StacksCycle[] {
    const { block } = this.#checkpoint;
    const size = ({ members }: SignerSet) => ({ signers: members.length, totalWeight: totalWeight(members) });
    const first: StacksCycle = { cycle: this.#first.cycle, from: 'checkpoint', block: { height: block.height, id: block.id, time: block.time * 1000 }, ...size(this.#first), weight: undefined, hops: 0 };
    return [first, ...this.#handOvers.map(({ set, statement: { header }, weight, hops }): StacksCycle => ({
      cycle: set.cycle, from: 'hand-over', block: { height: header.chainLength, id: idOf(header), time: header.timestamp * 1000 }, ...size(set), weight, hops,
    }))];
  }

  /** Back to the checkpoint. */
  reset(): void {
    this.#handOvers = [];
    this.#begun = undefined;
  }
}

const ids = new WeakMap<object, Hash>();

function idOf(header: ProofStatement['header']): Hash {
  const id = ids.get(header) ?? blockId(header);
  ids.set(header, id);
  return id;
}
