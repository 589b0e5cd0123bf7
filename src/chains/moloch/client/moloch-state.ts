/**
 * What a Moloch client holds of its chain: the final blocks, the tree above them, and what the trust in both rests on. Everything that it is given has been verified, but for
 * what binds blocks to each other, which the tree checks.
 * @module
 */
// Tests: `src/chains/moloch/client/moloch-chain.test.ts`.
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { Fault, Item, Tip } from '../../../engine/sync/sync-chain.ts';
import { BlockTree, type FinalBlock, type TreeChange } from '../chain/block-tree.ts';
import { Mmr } from '../chain/mmr.ts';
import { itemOf, type Finalized, type MolochBlock } from '../chain/moloch-block.ts';
import { genesisOf, type MolochNetwork } from '../chain/network.ts';
import type { StoredBase } from '../store/moloch-store.ts';
import { encodeBlock } from '../wire/block.ts';
import type { HeaderContent } from '../wire/header.ts';
import type { TrustedHeader } from '../wire/trusted-header.ts';
import { FinalBlocks } from './final-blocks.ts';
import type { TrustBase } from './moloch-views.ts';

export class MolochState {
  readonly #network: MolochNetwork;
  #anchor!: Omit<TrustBase, 'blocks' | 'milliseconds'>;
  #checked = 0;
  #milliseconds = 0;
  #blocks!: FinalBlocks;
  #tree!: BlockTree;

  constructor(network: MolochNetwork) {
    this.#network = network;
    this.reset();
  }

  /** Back to genesis. */
  reset(): void {
    const { header, events } = genesisOf(this.#network);
    const item = itemOf({ header, events, signatures: [] }, encodeBlock({ header, events }).length);
    this.#blocks = new FinalBlocks({ mmr: new Mmr(), index: [], events: 0, indexed: true });
    this.#anchor = { kind: 'genesis', height: 0, hash: item.id };
    this.#checked = 0;
    this.#milliseconds = 0;
    this.#begin(item, undefined);
  }

  get blocks(): FinalBlocks {
    return this.#blocks;
  }

  get trust(): TrustBase {
    return { ...this.#anchor, blocks: this.#checked, milliseconds: this.#milliseconds };
  }

  /** Checks have taken so long. */
  spent(milliseconds: number): void {
    this.#milliseconds += milliseconds;
  }

  get final(): FinalBlock {
    return this.#tree.final;
  }

  /** The newest header that signatures make final; undefined at genesis. */
  get proof(): TrustedHeader | undefined {
    return this.#tree.proof;
  }

  get head(): Tip {
    return this.#tree.head;
  }

  /** Blocks above the final one, ascending. */
  get pending(): readonly Item<MolochBlock>[] {
    return this.#tree.pending;
  }

  get halted(): Halt | undefined {
    return this.#tree.halted;
  }

  /** Takes nothing more, as before a restart. */
  standStill(halt: Halt): void {
    this.#tree.standStill(halt);
  }

  /** The id of the block that the chain has at a height. */
  idAt(height: number): string | undefined {
    return this.#blocks.idAt(height) ?? this.pending.find((item) => item.height === height)?.id;
  }

  /** A block that is held, of any branch. */
  held(key: number | string): Item<MolochBlock> | undefined {
    if (typeof key === 'string') return this.#blocks.byId(key) ?? this.#tree.block(key);
    return this.#blocks.at(key) ?? this.pending.find(({ height }) => height === key);
  }

  isFinal({ height, id }: Tip): boolean {
    return height <= this.#tree.final.height && this.#blocks.idAt(height) === id;
  }

  /** Whether the tree holds it above the final block. */
  isInTree(id: string): boolean {
    return this.#tree.block(id) !== undefined;
  }

  /** See `BlockTree`. */
  excludes(header: HeaderContent): boolean {
    return this.#tree.excludes(header);
  }

  /** See `BlockTree`. */
  add(item: Item<MolochBlock>, certain = false): TreeChange {
    return this.#take(this.#tree.add(item, certain));
  }

  sign(proof: Finalized): TreeChange {
    return this.#take(this.#tree.sign(proof));
  }

  /**
   * Replaces the chain up to the height of the base, whose header and range are verified. A chain that stands still goes on doing so. Codes: `not-newer`, `other-genesis`, `not-linked`, `anchor-missing`.
   */
  replace({ record, mmr, index }: StoredBase): Fault | undefined {
    const { header, signatures } = record.trusted;
    const { final } = this.#tree;
    const item = itemOf({ header, events: undefined, signatures }, encodeBlock({ header, events: [] }).length);
    if (header.height <= final.height) return { code: 'not-newer', weight: 'offence', data: { height: header.height, tip: final.height } };
    const range = new FinalBlocks({ mmr, index, events: record.events - header.eventsCount, indexed: record.indexed });
    if (range.idAt(0) !== this.#network.genesisHash) return { code: 'other-genesis', weight: 'lie', data: { hash: range.idAt(0) ?? '' } };
    if (range.idAt(final.height) !== final.id) return { code: 'not-linked', weight: 'lie', data: { height: final.height, hash: range.idAt(final.height) ?? '', expected: final.id } };
    const anchored = record.anchorHeight === header.height ? item.id : range.idAt(record.anchorHeight);
    if (anchored !== record.anchorHash) return { code: 'anchor-missing', weight: 'lie', data: { height: record.anchorHeight, hash: anchored ?? '' } };
    this.#blocks = range;
    this.#anchor = { kind: record.fromGenesis ? 'genesis' : 'pinned', height: record.anchorHeight, hash: record.anchorHash };
    this.#checked = record.checked;
    const { halted } = this.#tree;
    this.#begin(item, record.trusted);
    if (halted) this.#tree.standStill(halted);
    return undefined;
  }

  #begin(item: Item<MolochBlock>, proof: TrustedHeader | undefined): void {
    this.#blocks.add(item);
    const final: FinalBlock = { height: item.height, id: item.id, time: item.block.header.time, peaks: this.#blocks.mmr.peaks };
    this.#tree = new BlockTree({ validators: this.#network.validators, final, proof, finalId: (height) => this.#blocks.idAt(height) });
  }

  #take(change: TreeChange): TreeChange {
    for (const item of change.finalized) this.#blocks.add(item);
    this.#checked += change.finalized.length;
    return change;
  }
}
