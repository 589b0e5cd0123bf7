/**
 * The chain in the store: certified headers of the final blocks, the state at the newest of them, the blocks above it, and the record that says what they
 * are. Everything that changes together is in one transaction. What is loaded was written here, and is verified again by the client all the same.
 * @module
 */
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import { BlockSegments, SEGMENT } from '../../../storage/block-segments.ts';
import { ChunkRows } from '../../../storage/chunk-rows.ts';
import type { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowWrite } from '../../../storage/rows.ts';
import { StateRows } from '../../../storage/state-rows.ts';
import type { Hash } from '../../../base/hash.ts';
import type { TreeRoot } from '../chain/block-tree.ts';
import type { HotStuff2Counts } from '../chain/checked-counts.ts';
import { hashOf } from '../chain/hash.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import type { SetLink } from '../chain/known-sets.ts';
import { entrySize } from '../chain/state.ts';
import type { KeyValueState } from '../chain/state.ts';
import { HEADER_LENGTH, parentOfHeader } from '../wire/header.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { decodeOperations } from '../wire/payload.ts';
import type { StateEntry } from '../wire/state-entry.ts';
import { WireError } from '../wire/wire-error.ts';
import { readRecord, writeRecord } from './chain-record.ts';
import type { ChainRecord } from './chain-record.ts';
import { decodeFinalItem, decodePending, encodeFinalItem, encodePending } from './item-bytes.ts';

/** Bytes of blocks above the final one that are stored: a few blocks of usual size. Further ones are fetched again. */
const MAX_PENDING_BYTES = 1024 * 1024;
/** Final blocks that are read at the start, at least: those that are kept whole in memory. */
const LOADED = 1024;
/** Blocks among which a hash is looked for at most, the newest ones: 4096 rows, some 150 MB and a few seconds on a phone. */
const MOST_SEARCHED = 4096 * SEGMENT;
/** Blocks of one step of that search: eight rows. */
const SEARCH_STEP = 8 * SEGMENT;
/** Of the cap, what is left after old headers were dropped, so that it is not done with each block. */
const LEFT_AFTER_PRUNE = 0.9;

export interface StoredChain {
  readonly record: ChainRecord;
  /** Height of the first of the items; above the newest final block: there are none. */
  readonly itemsFrom: number;
  /** The newest final blocks, as headers with certificates. Older ones are read when they are asked for. */
  readonly items: readonly Hs2Item[];
  readonly state: readonly StateEntry[] | undefined;
  readonly pending: readonly Hs2Item[];
}

/** What is to be stored after a change of the chain. */
export interface StoredChange {
  readonly items: readonly Hs2Item[];
  readonly root: TreeRoot;
  readonly state: KeyValueState | undefined;
  readonly pending: readonly Hs2Item[];
  readonly replaces: boolean;
  /** The whole state is written, whatever is stored. Default: what the payloads of the items change. */
  readonly wholeState?: boolean | undefined;
  readonly checked: HotStuff2Counts;
  readonly links: readonly SetLink[];
  readonly halt: Halt | undefined;
}

export class HotStuff2Store {
  readonly kind: OwnedRows['kind'];
  readonly chunks: ChunkRows;
  readonly #rows: OwnedRows;
  readonly #segments: BlockSegments;
  readonly #state: StateRows;
  readonly #cap: number;
  /** Height of the lowest stored block; undefined: nothing is stored. */
  #from: number | undefined;
  /** Height of the highest. */
  #to = 0;
  #blockBytes = 0;
  #stateBytes = 0;
  #hasState = false;

  /** `cap`: bytes of headers and state at most. Old headers go first; the state stays. */
  constructor(rows: OwnedRows, cap: number) {
    this.kind = rows.kind;
    this.#rows = rows;
    this.#segments = new BlockSegments(rows);
    this.#state = new StateRows(rows);
    this.chunks = new ChunkRows(rows);
    this.#cap = cap;
  }

  /** Height of the lowest stored block; undefined: none is stored. */
  get from(): number | undefined {
    return this.#from;
  }

  /** Bytes of headers and state. */
  get bytes(): number {
    return this.#blockBytes + this.#stateBytes;
  }

  /** `none`: nothing is stored. `other-parameters`: it was verified for another network. `damaged`: it cannot be read. Throws `StorageError`. */
  async load(): Promise<StoredChain | 'none' | 'other-parameters' | 'damaged'> {
    const [head, pendingRow] = await this.#rows.get(['head', 'pending'].map((key) => ({ table: 'meta', key })));
    if (head === undefined) return 'none';
    if (this.#rows.isForeign('meta', 'head', head)) return 'other-parameters';
    const payload = this.#rows.unseal('meta', 'head', head);
    try {
      const record = payload && readRecord(new ByteReader(payload));
      const state = record?.hasState ? await this.#state.load() : undefined;
      if (!record || (record.hasState && !state)) return 'damaged';
      const newest = Math.floor((record.root.header.height - LOADED) / SEGMENT) * SEGMENT;
      const itemsFrom = Math.max(record.from, newest);
      const items: Hs2Item[] = [];
      for await (const run of this.#segments.load(itemsFrom)) for (const { bytes } of run) items.push(decodeFinalItem(bytes));
      const pending = this.#rows.unseal('meta', 'pending', pendingRow);
      this.#from = record.from;
      this.#to = record.root.header.height;
      this.#blockBytes = record.blockBytes;
      this.#hasState = record.hasState;
      const entries = state?.map(([key, value]) => ({ key, value }));
      this.#stateBytes = entries?.reduce((sum, entry) => sum + entrySize(entry), 0) ?? 0;
      return { record, itemsFrom, items, state: entries, pending: pending ? decodePending(pending) : [] };
    } catch (error) {
      if (error instanceof WireError) return 'damaged';
      throw error;
    }
  }

  /** Stores a change in one transaction. Throws `StorageError`: nothing has changed then, and this store must not be written any more. */
  async keep({ items, root, state, pending, replaces, wholeState = false, checked, links, halt }: StoredChange): Promise<void> {
    const whole = replaces || this.#from === undefined;
    // There is nothing to begin with before the first final block.
    if (whole && items.length === 0) return;
    const from = whole ? items[0]!.height : this.#from!;
    const clearState = whole || wholeState || (this.#hasState && !state);
    // Before anything is waited for: the state may change meanwhile.
    const stateBytes = state?.bytes ?? 0;
    const stateWrites = this.#state.changes(!state ? [] : clearState ? state.entries.map(({ key, value }) => [key, value] as const) : changedEntries(items, state));
    if (whole) this.#segments.cleared();
    const blocks = items.map((item) => ({ height: item.height, bytes: encodeFinalItem(item) }));
    const change = await this.#segments.append(blocks);
    const added = whole ? blocks : blocks.filter(({ height }) => height > this.#to);
    const blockBytes = (whole ? 0 : this.#blockBytes) + added.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const record = { root, from, blockBytes, hasState: state !== undefined, checked, links };
    const writes: RowWrite[] = [
      ...change.writes,
      ...stateWrites,
      this.#rows.sealed('meta', 'pending', encodePending(pending, MAX_PENDING_BYTES)),
      this.#rows.sealed('meta', 'head', writeRecord(new ByteWriter(2048), record).done()),
      ...this.#haltRow(halt),
    ];
    await this.#rows.write({ durability: 'relaxed', clear: whole ? ['blocks', 'state'] : clearState ? ['state'] : undefined, writes });
    change.committed();
    this.#from = from;
    this.#to = root.header.height;
    this.#hasState = state !== undefined;
    this.#blockBytes = blockBytes;
    this.#stateBytes = stateBytes;
    if (this.bytes > this.#cap) await this.#prune(record);
  }

  /** Two proofs that contradict each other. Throws `StorageError`. */
  async keepHalt(halt: Halt): Promise<void> {
    await this.#rows.write({ durability: 'strict', writes: this.#haltRow(halt) });
  }

  /** The stored halt, also beside a chain that is damaged or not there. Undefined: none of this network. Throws `StorageError`. */
  async halt(): Promise<Halt | undefined> {
    const [row] = await this.#rows.get([{ table: 'meta', key: 'halt' }]);
    return haltOf(this.#rows.unseal('meta', 'halt', row));
  }

  /** It proves nothing. Throws `StorageError`. */
  async dropHalt(): Promise<void> {
    await this.#rows.write({ durability: 'strict', writes: [{ table: 'meta', key: 'halt', value: undefined }] });
  }

  /** A final block, as a header; undefined: it is not stored, or damaged. */
  async block(height: number): Promise<Hs2Item | undefined> {
    const bytes = this.#from === undefined || height < this.#from ? undefined : await this.#segments.block(height);
    return bytes && decodeFinalItem(bytes);
  }

  /** The stored blocks from this height on, ascending without a gap. Throws `StorageError` or `WireError`. */
  async run(from: number): Promise<readonly Hs2Item[]> {
    const items: Hs2Item[] = [];
    if (this.#from !== undefined && from >= this.#from) for await (const run of this.#segments.load(from)) for (const { bytes } of run) items.push(decodeFinalItem(bytes));
    return items;
  }

  /**
   * The height of the stored block with this hash, looked for from the newest on; undefined: none of the newest 262,144 that has a child in the store. By
   * the hashes of parents, so that nothing is hashed. Throws `StorageError`.
   */
  async heightOf(id: Hash): Promise<number | undefined> {
    const [low, high] = [Math.max(this.#from ?? 1, this.#to - MOST_SEARCHED), this.#from === undefined ? 0 : this.#to];
    for (let end = high; end >= low; end -= SEARCH_STEP) {
      const begin = Math.max(low, end - SEARCH_STEP + 1);
      for await (const run of this.#segments.load(begin)) {
        const found = run.find(({ bytes }) => bytes.length >= HEADER_LENGTH && parentOfHeader(bytes) === id);
        if (found) return found.height > low ? found.height - 1 : undefined;
        if (run.at(-1)!.height >= end) break;
      }
    }
    return undefined;
  }

  /** The hashes of the stored blocks from this height on, ascending without a gap, each with that of its parent. Throws `StorageError`. */
  async *links(from: number): AsyncGenerator<{ readonly height: number; readonly id: Hash; readonly parent: Hash }> {
    if (this.#from === undefined || from < this.#from) return;
    for await (const run of this.#segments.load(from)) {
      for (const { height, bytes } of run) {
        if (bytes.length < HEADER_LENGTH) return;
        yield { height, id: hashOf(bytes.subarray(0, HEADER_LENGTH)), parent: parentOfHeader(bytes) };
      }
    }
  }

  /** `keepsHalt`: only the chain goes, because it is damaged. `also`: goes in the same transaction. Throws `StorageError`. */
  async wipe({ keepsHalt = false, also = [] }: { readonly keepsHalt?: boolean; readonly also?: readonly RowWrite[] } = {}): Promise<void> {
    const gone = ['head', 'pending', ...(keepsHalt ? [] : ['halt'])].map((key) => ({ table: 'meta' as const, key, value: undefined }));
    await this.#rows.write({ durability: 'strict', clear: ['blocks', 'state', 'chunks'], writes: [...gone, ...also] });
    this.#segments.cleared();
    this.#from = undefined;
    this.#to = 0;
    this.#blockBytes = 0;
    this.#stateBytes = 0;
    this.#hasState = false;
  }

  close(): Promise<void> {
    return this.#rows.close();
  }

  #haltRow(halt: Halt | undefined): readonly RowWrite[] {
    if (!halt) return [];
    const [a, b] = halt.evidence;
    return [this.#rows.sealed('meta', 'halt', new ByteWriter().u64(halt.height).u32(a.length).bytes(a).u32(b.length).bytes(b).done())];
  }

  /** Drops the oldest headers until nine tenths of the cap are left; the newest segment stays. */
  async #prune(record: ChainRecord): Promise<void> {
    const count = record.root.header.height - record.from + 1;
    const drop = Math.ceil(((this.bytes - LEFT_AFTER_PRUNE * this.#cap) / this.#blockBytes) * count);
    const below = Math.min(record.from + drop, record.root.header.height);
    const change = await this.#segments.prune(below);
    if (change.writes.length === 0) return;
    const from = Math.max(record.from, Math.floor(below / SEGMENT) * SEGMENT);
    const blockBytes = Math.round(this.#blockBytes * (1 - (from - record.from) / count));
    const head = writeRecord(new ByteWriter(2048), { ...record, from, blockBytes }).done();
    await this.#rows.write({ durability: 'relaxed', writes: [...change.writes, this.#rows.sealed('meta', 'head', head)] });
    change.committed();
    this.#blockBytes = blockBytes;
    this.#from = from;
  }
}

/** The entries that the payloads change, as they are after them; undefined: deleted. */
function changedEntries(items: readonly Hs2Item[], state: KeyValueState): readonly (readonly [Uint8Array, Uint8Array | undefined])[] {
  const changed = new Map<string, readonly [Uint8Array, Uint8Array | undefined]>();
  for (const { block } of items) {
    for (const { key } of block.payload ? decodeOperations(block.payload) : []) changed.set(key.join(','), [key, state.get(key)]);
  }
  return [...changed.values()];
}

/** height(8), length(4) and bytes of each proof. Undefined: damaged. */
function haltOf(bytes: Uint8Array | undefined): Halt | undefined {
  if (!bytes) return undefined;
  const reader = new ByteReader(bytes);
  try {
    const height = reader.u64('height');
    const evidence = [reader.bytes(reader.u32('length'), 'proof'), reader.bytes(reader.u32('length'), 'proof')] as const;
    return { height, evidence };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
