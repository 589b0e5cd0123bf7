import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { Item } from '../../../engine/sync/sync-chain.ts';
import { BlockSegments } from '../../../storage/block-segments.ts';
import { ChunkRows } from '../../../storage/chunk-rows.ts';
import type { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowWrite, Table } from '../../../storage/rows.ts';
import { decodeEventIndex, encodeEventIndex, type EventPlaceEntry } from '../chain/event-index.ts';
import { Mmr } from '../chain/mmr.ts';
import { leafPosition } from '../chain/mmr-shape.ts';
import { itemOf, type MolochBlock } from '../chain/moloch-block.ts';
import type { IsKey } from '../wire/bincode.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import { decodeSignedBlock, encodeSignedBlock } from '../wire/signed-block.ts';
import { type BaseRecord, decodeBaseRecord, decodeHalt, decodeSpent, encodeBaseRecord, encodeHalt, encodeSpent, joinHashes, splitHashes } from './stored-records.ts';

/** Hashes or entries of the index in one row: 128 and 176 KiB. */
const IN_ROW = 4096;
/** Rows read in one transaction. */
const ROWS_AT_ONCE = 8;

/** The block that the stored blocks stand on, with the range of all blocks before it. */
export interface StoredBase {
  readonly record: Omit<BaseRecord, 'entries'>;
  /** Over at least the blocks below the base. What is above its height is not stored. */
  readonly mmr: Mmr;
  readonly index: readonly EventPlaceEntry[];
}

/**
 * The final blocks of a Moloch chain in sealed rows. Table `chain`: `base`, `halt` and `spent` (`stored-records.ts`). Table `state`: `mmr/n`, 4096 hashes of blocks
 * below the base, from which its range is computed again, and `index/n`, 4096 places of events. Table `blocks`: the blocks above the base.
 * What is read is only unsealed and decoded; the chain puts it to its rules. Methods reject with `StorageError`.
 */
export class MolochStore {
  readonly chunks: ChunkRows;
  readonly #rows: OwnedRows;
  readonly #segments: BlockSegments;
  readonly #isKey: IsKey;
  /** Bytes of each stored block, by height. */
  readonly #sizes = new Map<number, number>();
  #blockBytes = 0;
  #otherBytes = 0;

  constructor(rows: OwnedRows, isKey: IsKey) {
    this.#rows = rows;
    this.#isKey = isKey;
    this.#segments = new BlockSegments(rows);
    this.chunks = new ChunkRows(rows);
  }

  get kind(): 'indexeddb' | 'memory' {
    return this.#rows.kind;
  }

  /** Bytes of everything but the blocks. */
  get otherBytes(): number {
    return this.#otherBytes;
  }

  get blockBytes(): number {
    return this.#blockBytes;
  }

  /** Bytes of the stored block at this height; 0: it is not stored. */
  sizeAt(height: number): number {
    return this.#sizes.get(height) ?? 0;
  }

  /** The base; undefined if there is none, or a row of it is missing or damaged. */
  async base(): Promise<StoredBase | undefined> {
    const row = await this.#read('chain', 'base');
    const record = row && decoded(() => decodeBaseRecord(row));
    if (!record) return undefined;
    const { height } = record.trusted.header;
    const mmr = new Mmr();
    for await (const part of this.#parts('mmr', height)) {
      const hashes = splitHashes(part);
      if (!hashes) return undefined;
      for (const hash of hashes) if (mmr.leaves < height) mmr.append(hash);
    }
    const index: EventPlaceEntry[] = [];
    for await (const part of this.#parts('index', record.entries)) index.push(...(decoded(() => decodeEventIndex(part)) ?? []));
    if (mmr.leaves !== height || index.length !== record.entries) return undefined;
    this.#otherBytes = sizeOf(height, record.entries);
    return { record, mmr, index };
  }

  /** The blocks from a height on, ascending without a gap, until the first that is missing or damaged. */
  async *blocks(from: number): AsyncGenerator<readonly Item<MolochBlock>[]> {
    for await (const stored of this.#segments.load(from)) {
      const items: Item<MolochBlock>[] = [];
      for (const { height, bytes } of stored) {
        const block = decoded(() => decodeSignedBlock(bytes, { isKey: this.#isKey }));
        if (!block || block.header.height !== height) break;
        items.push(itemOf(block, bytes.length));
        this.#count(height, bytes.length);
      }
      if (items.length > 0) yield items;
      if (items.length < stored.length) return;
    }
  }

  /** The block at a height; undefined: it is not stored, or damaged. */
  async block(height: number): Promise<Item<MolochBlock> | undefined> {
    const bytes = await this.#segments.block(height);
    const block = bytes && decoded(() => decodeSignedBlock(bytes, { isKey: this.#isKey }));
    return block?.header.height === height ? itemOf(block, bytes!.length) : undefined;
  }

  async halt(): Promise<Halt | undefined> {
    const row = await this.#read('chain', 'halt');
    return row && decoded(() => decodeHalt(row));
  }

  /** Milliseconds that the checks of all blocks took; 0: unknown. */
  async spent(): Promise<number> {
    const row = await this.#read('chain', 'spent');
    return (row && decoded(() => decodeSpent(row))) ?? 0;
  }

  /** Puts final blocks, at least one, on top of those that are stored; what was stored at their heights or above goes. `spent`: milliseconds that all checks took. */
  async append(items: readonly Item<MolochBlock>[], spent = 0): Promise<void> {
    const blocks = items.map(({ height, block }) => ({ height, bytes: encodeSignedBlock(block) }));
    const change = await this.#segments.append(blocks);
    await this.#rows.write({ durability: 'relaxed', writes: [...change.writes, this.spentRow(spent)] });
    change.committed();
    for (const { height, bytes } of blocks) this.#count(height, bytes.length);
    for (let above = blocks.at(-1)!.height + 1; this.#sizes.has(above); above += 1) this.#forget(above);
  }

  /** Replaces the base in one transaction. `keepAbove`: blocks above it stay; else all go. `also`: goes in the same transaction. */
  async replaceBase({ record, mmr, index }: StoredBase, keepAbove: boolean, also: readonly RowWrite[] = []): Promise<void> {
    const { height } = record.trusted.header;
    const writes: RowWrite[] = [this.#rows.sealed('chain', 'base', encodeBaseRecord({ ...record, entries: index.length }))];
    for (let at = 0; at < height; at += IN_ROW) {
      const hashes = Array.from({ length: Math.min(IN_ROW, height - at) }, (_, i) => mmr.nodes[leafPosition(at + i)]!);
      writes.push(this.#rows.sealed('state', `mmr/${at / IN_ROW}`, joinHashes(hashes)));
    }
    for (let at = 0; at < index.length; at += IN_ROW) writes.push(this.#rows.sealed('state', `index/${at / IN_ROW}`, encodeEventIndex(index.slice(at, at + IN_ROW))));
    const pruned = keepAbove ? await this.#segments.prune(height + 1) : undefined;
    const clear: Table[] = pruned ? ['state'] : ['state', 'blocks'];
    await this.#rows.write({ durability: 'strict', clear, writes: [...writes, ...(pruned?.writes ?? []), ...also] });
    if (pruned) pruned.committed();
    else this.#segments.cleared();
    for (const at of this.#sizes.keys()) if (!keepAbove || at <= height) this.#forget(at);
    this.#otherBytes = sizeOf(height, index.length);
  }

  async keepHalt(halt: Halt): Promise<void> {
    await this.#rows.write({ durability: 'strict', writes: [this.haltRow(halt)] });
  }

  /** The row of a halt, for the transaction of another change. */
  haltRow(halt: Halt): RowWrite {
    return this.#rows.sealed('chain', 'halt', encodeHalt(halt));
  }

  /** The row of the milliseconds that all checks took; see `append`. */
  spentRow(milliseconds: number): RowWrite {
    return this.#rows.sealed('chain', 'spent', encodeSpent(milliseconds));
  }

  /** `also`: goes in the same transaction. */
  async wipe(also: readonly RowWrite[] = []): Promise<void> {
    await this.#rows.write({ durability: 'strict', clear: ['chain', 'state', 'blocks', 'chunks'], writes: also });
    this.#segments.cleared();
    this.#sizes.clear();
    this.#blockBytes = 0;
    this.#otherBytes = 0;
  }

  close(): Promise<void> {
    return this.#rows.close();
  }

  #count(height: number, bytes: number): void {
    this.#blockBytes += bytes - this.sizeAt(height);
    this.#sizes.set(height, bytes);
  }

  #forget(height: number): void {
    this.#blockBytes -= this.sizeAt(height);
    this.#sizes.delete(height);
  }

  async #read(table: Table, key: string): Promise<Uint8Array | undefined> {
    const [row] = await this.#rows.get([{ table, key }]);
    return this.#rows.unseal(table, key, row);
  }

  /** The rows `name/0`, `name/1`, …; ends at one that is missing or damaged. */
  async *#parts(name: 'mmr' | 'index', count: number): AsyncGenerator<Uint8Array> {
    const last = Math.ceil(count / IN_ROW);
    for (let at = 0; at < last; at += ROWS_AT_ONCE) {
      const keys = Array.from({ length: Math.min(ROWS_AT_ONCE, last - at) }, (_, i) => `${name}/${at + i}`);
      const rows = await this.#rows.get(keys.map((key) => ({ table: 'state', key })));
      for (const [i, key] of keys.entries()) {
        const payload = this.#rows.unseal('state', key, rows[i]);
        if (!payload) return;
        yield payload;
      }
    }
  }
}

/** Bytes of a base with so many blocks below it and entries in its index. */
const sizeOf = (blocks: number, entries: number): number => 32 * blocks + 44 * entries;

/** Undefined if the bytes are no such value: they were sealed, so an older form was stored. */
function decoded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MolochCodecError) return undefined;
    throw error;
  }
}
