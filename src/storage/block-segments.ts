/**
 * The blocks of a chain in sealed rows of up to 64 heights each (a segment), because each row is expensive for the database engines. The row
 * of segment `n` holds a run of heights within `64 n … 64 n + 63` without a gap. Layout, big-endian: height of the first block (8 bytes), number
 * of blocks (1), then for each block its length (4) and its bytes.
 * @module
 */

import { concatBytes } from '../base/bytes.ts';
import type { OwnedRows } from './owned-rows.ts';
import type { RowWrite } from './rows.ts';

/** Heights in a row: a row of blocks with one transaction each is some 30 kB, which is written again with each block that is added to it. */
export const SEGMENT = 64;
/** Rows read in one transaction: with the largest blocks (8 MiB in a run of 64) that is still less than the memory of a worker. */
const ROWS_AT_ONCE = 8;

export interface StoredBlock {
  readonly height: number;
  /** At least one byte. */
  readonly bytes: Uint8Array;
}

/** What is written in one transaction; the caller adds its own rows, such as the head. */
export interface SegmentChange {
  readonly writes: readonly RowWrite[];
  /** Called after the transaction succeeded. Without it the change has not happened. */
  committed(): void;
}

/** One change at a time: the next one is prepared after the transaction of the one before has succeeded or failed. */
export class BlockSegments {
  readonly #rows: OwnedRows;
  /** Segments that have a row; read at the first use. */
  #known: ReadonlySet<number> | undefined;
  /** The blocks of the segment that was written last, so that one more block needs no reading. */
  #newest: { readonly segment: number; readonly blocks: readonly StoredBlock[] } | undefined;

  constructor(rows: OwnedRows) {
    this.#rows = rows;
  }

  /**
   * Every stored block from the height `from` on (default: from the lowest), ascending without a gap, until the first row that is missing or
   * damaged. The chain puts them to its rules: a seal only says that a row is as it was written. Throws `StorageError`.
   */
  async *load(from?: number): AsyncGenerator<readonly StoredBlock[]> {
    const segments = Array.from(await this.#segments()).toSorted((a, b) => a - b);
    let next = from;
    let segment = from === undefined ? segments[0] : segmentOf(from);
    while (segment !== undefined) {
      const first = segment;
      const wanted = Array.from({ length: ROWS_AT_ONCE }, (_, index) => first + index);
      for (const blocks of await this.#read(wanted)) {
        const run = next === undefined ? blocks : blocks?.filter(({ height }) => height >= next!);
        const lowest = run?.[0]?.height;
        if (run === undefined || lowest === undefined || (next !== undefined && lowest !== next)) return;
        yield run;
        next = run.at(-1)!.height + 1;
        // A row that does not end with its segment is the last one.
        if (segmentOf(next) !== segment + 1) return;
        segment++;
      }
    }
  }

  /** The block at this height; undefined if it is not stored, or damaged. Throws `StorageError`. */
  async block(height: number): Promise<Uint8Array | undefined> {
    const [blocks] = await this.#read([segmentOf(height)]);
    return blocks?.find((block) => block.height === height)?.bytes;
  }

  /**
   * Puts blocks, ascending without a gap, on top of what is stored below them. What is stored at their heights or above goes. Blocks in the
   * same row below a gap go too. Throws `StorageError` while it reads.
   */
  async append(blocks: readonly StoredBlock[]): Promise<SegmentChange> {
    const [first] = blocks;
    if (first === undefined) return { writes: [], committed: () => undefined };
    const [stored = []] = await this.#read([segmentOf(first.height)]);
    const below = stored.filter(({ height }) => height < first.height);
    const kept = below.length === 0 || below.at(-1)!.height === first.height - 1 ? below : [];
    return this.#change([...kept, ...blocks], segmentOf(first.height));
  }

  /** Deletes every block above this height. Throws `StorageError` while it reads. */
  async truncate(above: number): Promise<SegmentChange> {
    const segment = segmentOf(above);
    const [stored = []] = await this.#read([segment]);
    return this.#change(stored.filter(({ height }) => height <= above), segment);
  }

  /** Deletes the rows whose heights are all below this one. */
  async prune(below: number): Promise<SegmentChange> {
    const known = await this.#segments();
    const old = Array.from(known).filter((segment) => segment < segmentOf(below));
    return {
      writes: old.map((segment) => ({ table: 'blocks', key: segment, value: undefined })),
      committed: () => {
        this.#known = new Set(Array.from(known).filter((segment) => !old.includes(segment)));
        if (this.#newest !== undefined && old.includes(this.#newest.segment)) this.#newest = undefined;
      },
    };
  }

  /** The table was cleared by another transaction. */
  cleared(): void {
    this.#known = new Set();
    this.#newest = undefined;
  }

  /** The rows from `segment` on are replaced by these blocks. */
  async #change(blocks: readonly StoredBlock[], segment: number): Promise<SegmentChange> {
    const known = await this.#segments();
    const runs = new Map<number, StoredBlock[]>();
    for (const block of blocks) {
      const key = segmentOf(block.height);
      const run = runs.get(key) ?? [];
      runs.set(key, run);
      run.push(block);
    }
    const gone = Array.from(known).filter((key) => key >= segment && !runs.has(key));
    const put = Array.from(runs, ([key, run]) => this.#rows.sealed('blocks', key, encode(run)));
    return {
      writes: [...gone.map((key) => ({ table: 'blocks' as const, key, value: undefined })), ...put],
      committed: () => {
        this.#known = new Set([...Array.from(known).filter((key) => key < segment), ...runs.keys()]);
        const newest = Array.from(runs).at(-1);
        this.#newest = newest && { segment: newest[0], blocks: newest[1] };
      },
    };
  }

  async #segments(): Promise<ReadonlySet<number>> {
    this.#known ??= new Set((await this.#rows.keys('blocks')).filter((key) => typeof key === 'number'));
    return this.#known;
  }

  async #read(segments: readonly number[]): Promise<readonly (readonly StoredBlock[] | undefined)[]> {
    const newest = this.#newest;
    if (newest !== undefined && segments.length === 1 && segments[0] === newest.segment) return [newest.blocks];
    const rows = await this.#rows.get(segments.map((key) => ({ table: 'blocks', key })));
    return rows.map((row, index) => {
      const payload = this.#rows.unseal('blocks', segments[index]!, row);
      return payload && decode(payload, segments[index]!);
    });
  }
}

function segmentOf(height: number): number {
  return Math.floor(height / SEGMENT);
}

function encode(run: readonly StoredBlock[]): Uint8Array {
  const head = new Uint8Array(9);
  const view = new DataView(head.buffer);
  view.setBigUint64(0, BigInt(run[0]!.height));
  view.setUint8(8, run.length);
  return concatBytes(head, ...run.flatMap(({ bytes }) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    return [length, bytes];
  }));
}

/** The blocks of a row; undefined if it is not of the layout above. */
function decode(payload: Uint8Array, segment: number): readonly StoredBlock[] | undefined {
  if (payload.length < 9) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const first = Number(view.getBigUint64(0));
  const count = view.getUint8(8);
  if (count === 0 || segmentOf(first) !== segment || segmentOf(first + count - 1) !== segment) return undefined;
  const blocks: StoredBlock[] = [];
  let at = 9;
  for (let index = 0; index < count; index++) {
    if (at + 4 > payload.length) return undefined;
    const length = view.getUint32(at);
    at += 4;
    if (length === 0 || length > payload.length - at) return undefined;
    blocks.push({ height: first + index, bytes: payload.slice(at, at + length) });
    at += length;
  }
  return at === payload.length ? blocks : undefined;
}
