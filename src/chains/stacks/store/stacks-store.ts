/**
 * The chain in the store: hand-overs, the newest confirmed headers and the pending ones above them, inventories of past cycles, and the record that says what
 * they are. What changes together is in one transaction. What is loaded was written here; the client verifies it again all the same.
 *
 * Table `chain`: `hand-over/n`, a statement, and `inventory/n`, both by cycle. Table `blocks`: headers. `meta`: `head`, `halt` and `jumps`.
 * @module
 */
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { BlockSegments, SEGMENT } from '../../../storage/block-segments.ts';
import { ChunkRows } from '../../../storage/chunk-rows.ts';
import type { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowWrite } from '../../../storage/rows.ts';
import type { StacksInventory } from '../chain/details.ts';
import type { ProofStatement } from '../proofs/statement.ts';
import { decodeStatement, encodeStatement } from '../proofs/proof-file.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { decodeStoredBlock, encodeStoredBlock, readRecord, writeRecord, type ChainRecord, type StoredBlock } from './chain-record.ts';
import type { Jumps } from './jumps.ts';
import { decodeInventory, encodeInventory } from './inventory-bytes.ts';

/** Confirmed headers that are kept: some hours of the main network, 5 MB. */
export const MAX_STORED = 2_048;
/** Headers above the bound before old ones are dropped, so that it is not done with each block. */
const SLACK = 256;

export interface StoredChain {
  readonly record: ChainRecord;
  /** One for each cycle after the checkpoint's. */
  readonly handOvers: readonly ProofStatement[];
  /** Confirmed and pending, ascending without a gap. */
  readonly blocks: readonly StoredBlock[];
}

export interface StoredChange {
  readonly record: ChainRecord;
  /** The cycle of the first hand-over, and all of them. */
  readonly firstCycle: number;
  readonly handOvers: readonly ProofStatement[];
  /** Blocks that are new, ascending; what is stored at their heights or above goes. */
  readonly blocks: readonly StoredBlock[];
  /** Nothing that was stored stays. */
  readonly replaces: boolean;
  /** Goes in the same transaction. */
  readonly also?: readonly RowWrite[] | undefined;
}

export class StacksStore {
  readonly kind: OwnedRows['kind'];
  readonly chunks: ChunkRows;
  readonly #rows: OwnedRows;
  readonly #segments: BlockSegments;
  readonly #sizes = new Map<number, number>();
  #handOverBytes = 0;
  /** Hand-overs that are stored. */
  #handOvers = 0;

  constructor(rows: OwnedRows) {
    this.kind = rows.kind;
    this.#rows = rows;
    this.#segments = new BlockSegments(rows);
    this.chunks = new ChunkRows(rows);
  }

  /** Bytes of headers and hand-overs. */
  get bytes(): number {
    return this.#handOverBytes + Array.from(this.#sizes.values()).reduce((sum, size) => sum + size, 0);
  }

  /** `none`: nothing is stored. `other-parameters`: it was verified for another network or checkpoint. `damaged`: it cannot be read. Throws `StorageError`. */
  async load(): Promise<StoredChain | 'none' | 'other-parameters' | 'damaged'> {
    const [head] = await this.#rows.get([{ table: 'meta', key: 'head' }]);
    if (head === undefined) return 'none';
    if (this.#rows.isForeign('meta', 'head', head)) return 'other-parameters';
    const payload = this.#rows.unseal('meta', 'head', head);
    try {
      if (!payload) return 'damaged';
      const reader = new ByteReader(payload);
      const record = readRecord(reader);
      const firstCycle = reader.u32('first cycle');
      const keys = Array.from({ length: record.handOvers }, (_, i) => `hand-over/${firstCycle + i}`);
      const rows = await this.#rows.get(keys.map((key) => ({ table: 'chain', key })));
      const statements = rows.map((row, i) => this.#rows.unseal('chain', keys[i]!, row));
      if (statements.includes(undefined)) return 'damaged';
      const blocks: StoredBlock[] = [];
      for await (const run of this.#segments.load()) {
        for (const { height, bytes } of run) {
          blocks.push(decodeStoredBlock(bytes));
          this.#sizes.set(height, bytes.length);
        }
      }
      this.#handOvers = statements.length;
      this.#handOverBytes = statements.reduce((sum, bytes) => sum + bytes!.length, 0);
      return { record, handOvers: statements.map((bytes) => decodeStatement(bytes!)), blocks };
    } catch (error) {
      if (error instanceof CodedError && error.name !== 'StorageError') return 'damaged';
      throw error;
    }
  }

  /** Stores a change in one transaction. Throws `StorageError`. */
  async keep({ record, firstCycle, handOvers, blocks, replaces, also = [] }: StoredChange): Promise<void> {
    if (replaces) {
      this.#segments.cleared();
      this.#handOvers = 0;
      this.#handOverBytes = 0;
    }
    const encoded = blocks.map((block) => ({ height: block.item.height, bytes: encodeStoredBlock(block) }));
    const change = await this.#segments.append(encoded);
    const fresh = handOvers.slice(this.#handOvers).map(encodeStatement);
    const from = this.#handOvers;
    const head = writeRecord(new ByteWriter(128), record).u32(firstCycle).done();
    const writes: RowWrite[] = [...change.writes, ...fresh.map((bytes, i) => this.#rows.sealed('chain', `hand-over/${firstCycle + from + i}`, bytes)), this.#rows.sealed('meta', 'head', head), ...also];
    await this.#rows.write({ durability: 'relaxed', clear: replaces ? ['blocks'] : undefined, writes });
    change.committed();
    this.#handOvers = handOvers.length;
    this.#handOverBytes += fresh.reduce((sum, { length }) => sum + length, 0);
    const [first] = encoded;
    for (const height of Array.from(this.#sizes.keys())) if (replaces || (first && height >= first.height)) this.#sizes.delete(height);
    for (const { height, bytes } of encoded) this.#sizes.set(height, bytes.length);
    await this.#prune(record.root.height);
  }

  /** Two headers of confirmed blocks that contradict each other, or a header and the proof that its state names no signers. Throws `StorageError`. */
  async keepHalt(halt: Halt): Promise<void> {
    await this.#rows.write({ durability: 'strict', writes: [this.haltRow(halt)] });
  }

  readonly noHalt: RowWrite = { table: 'meta', key: 'halt', value: undefined };

  /** Throws `StorageError`. */
  async dropHalt(): Promise<void> {
    await this.#rows.write({ durability: 'strict', writes: [this.noHalt] });
  }

  /** For a transaction with more. */
  haltRow({ height, reason, evidence: [ours, theirs] }: Halt): RowWrite {
    const kind = reason === 'no-participation' ? 1 : 0;
    const bytes = new ByteWriter().u8(kind).u64(height).u32(ours.length).bytes(ours).u32(theirs.length).bytes(theirs).done();
    return this.#rows.sealed('meta', 'halt', bytes);
  }

  /** The stored halt; undefined: none of this network. Throws `StorageError`. */
  async halt(): Promise<Halt | undefined> {
    const bytes = await this.#read('meta', 'halt');
    return bytes && decoded(() => {
      const reader = new ByteReader(bytes);
      const reason = reader.u8('kind') === 1 ? 'no-participation' : undefined;
      const height = reader.u64('height');
      return { height, ...(reason && { reason }), evidence: [reader.bytes(reader.u32('length'), 'header'), reader.bytes(reader.u32('length'), 'header')] as const };
    });
  }

  /** What the chain jumped over. Throws `StorageError`. */
  async keepJumps(jumps: Jumps): Promise<void> {
    if (jumps.newest) await this.#rows.write({ durability: 'relaxed', writes: [this.jumpsRow(jumps)] });
  }

  /** For a transaction with more; without a jump the row goes. */
  jumpsRow({ count, newest }: Jumps): RowWrite {
    if (!newest) return { table: 'meta', key: 'jumps', value: undefined };
    const { from: { height, id, header = new Uint8Array(0) }, to } = newest;
    const bytes = new ByteWriter().u32(count).u64(height).hex(id, 32).u32(header.length).bytes(header).u64(to.height).hex(to.id, 32).done();
    return this.#rows.sealed('meta', 'jumps', bytes);
  }

  /** Undefined: there were none. Throws `StorageError`. */
  async jumps(): Promise<Jumps | undefined> {
    const bytes = await this.#read('meta', 'jumps');
    return bytes && decoded(() => {
      const reader = new ByteReader(bytes);
      const [count, height, id] = [reader.u32('count'), reader.u64('height'), reader.hex(32, 'id')];
      const header = reader.bytes(reader.u32('length'), 'header');
      return { count, newest: { from: { height, id, header: header.length === 0 ? undefined : header }, to: { height: reader.u64('height'), id: reader.hex(32, 'id') } } };
    });
  }

  /** An inventory of a past cycle does not change. Throws `StorageError`. */
  async keepInventory(inventory: StacksInventory): Promise<void> {
    const key = `inventory/${inventory.cycle}`;
    await this.#rows.write({ durability: 'relaxed', writes: [this.#rows.sealed('chain', key, encodeInventory(inventory))] });
  }

  async inventory(cycle: number): Promise<StacksInventory | undefined> {
    const bytes = await this.#read('chain', `inventory/${cycle}`);
    return bytes && decoded(() => decodeInventory(bytes));
  }

  /** `keepsHalt`: only the chain goes, because it is damaged. `also`: what is deleted with it. Throws `StorageError`. */
  async wipe({ keepsHalt = false, also = [] }: { readonly keepsHalt?: boolean; readonly also?: readonly RowWrite[] } = {}): Promise<void> {
    const gone = [...['head', 'jumps'].map((key) => ({ table: 'meta' as const, key, value: undefined })), ...(keepsHalt ? [] : [this.noHalt])];
    await this.#rows.write({ durability: 'strict', clear: ['blocks', 'chain', 'chunks'], writes: [...gone, ...also] });
    this.#segments.cleared();
    this.#sizes.clear();
    this.#handOvers = 0;
    this.#handOverBytes = 0;
  }

  close(): Promise<void> {
    return this.#rows.close();
  }

  async #prune(root: number): Promise<void> {
    const lowest = this.#sizes.keys().next().value;
    if (lowest === undefined || lowest >= root - MAX_STORED - SLACK) return;
    const change = await this.#segments.prune(root - MAX_STORED);
    if (change.writes.length === 0) return;
    await this.#rows.write({ durability: 'relaxed', writes: [...change.writes] });
    change.committed();
    const from = Math.floor((root - MAX_STORED) / SEGMENT) * SEGMENT;
    for (const height of Array.from(this.#sizes.keys())) if (height < from) this.#sizes.delete(height);
  }

  async #read(table: 'meta' | 'chain', key: string): Promise<Uint8Array | undefined> {
    const [row] = await this.#rows.get([{ table, key }]);
    return this.#rows.unseal(table, key, row);
  }
}

/** Undefined if the bytes are no such value. */
function decoded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
