import { blockHash } from '../albatross/chain/hashes.ts';
import type { ArchivedBlock } from '../albatross/chain/election-archive.ts';
import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import type { ProofRecord } from '../albatross/chain/proof-record.ts';
import type { Hash, MacroBlock } from '../albatross/wire/types.ts';
import type { DecodedKey } from '../crypto/jobs.ts';
import type { KeptBan } from '../engine/peer-book.ts';
import { archivedProofRow, archivedRow } from './archive-row.ts';
import { decodeBans, encodeBans } from './ban-row.ts';
import { decodeElection, encodeElection, encodeMacro, encodeTail } from './block-rows.ts';
import { checkRows, readHeadRow } from './check-rows.ts';
import { decodedKeyId, decodeDecodedKey, encodeDecodedKey, isDecodedKey } from './decoded-key-row.ts';
import { encodeHeadRow, type BlockPointer } from './head-row.ts';
import { decodeProof, encodeProof } from './proof-row.ts';
import type { Guard, RowKey, Rows, RowWrite, Table } from './rows.ts';
import { seal, unseal } from './seal.ts';
import { StorageError } from './storage-error.ts';
import type { ArchiveChange, ArchivedProof, ChainCommit, LoadOutcome, Store } from './store.ts';

/** Most decoded keys kept, 855 bytes each: two epochs of at most 512 validators. */
const MAX_KEYS = 1_024;

/** Everything a chain leaves behind; `keys` are good on any chain, the fencing number outlives them all. */
const CHAIN_TABLES: readonly Table[] = ['chain', 'validators', 'elections', 'election-heights'];

type ProofKey = `proof-${ProofRecord['origin']}`;
const PROOF_KEYS: readonly ProofKey[] = ['proof-genesis', 'proof-pinned'];

function proofKey(origin: ProofRecord['origin']): ProofKey {
  return `proof-${origin}`;
}

/** Share of the cap that `trim` leaves: the rest is room for what one epoch writes before the next look. */
const FILL = 0.9;
/** Rows looked at together, in rows. */
const TRIM_STEP = 256;
/** Whole election blocks read together, in rows of some 20 kB. */
const ARCHIVE_STEP = 64;

type Network = Pick<NetworkParameters, 'genesisHash' | 'blocksPerBatch' | 'batchesPerEpoch'>;

/** The store's logic over rows, wherever these are kept. */
export class ChainStore implements Store {
  readonly kind: Store['kind'];
  readonly #rows: Rows;
  readonly #genesisHash: Hash;
  readonly #blocksPerEpoch: number;
  /** The number we own; 0 as long as none was taken. */
  #fencing = 0;
  /** The newest stored election block; `'unknown'` before anything was read. */
  #election: BlockPointer | undefined | 'unknown' = 'unknown';

  constructor(rows: Rows, network: Network) {
    this.kind = rows.kind;
    this.#rows = rows;
    this.#genesisHash = network.genesisHash;
    this.#blocksPerEpoch = network.blocksPerBatch * network.batchesPerEpoch;
  }

  async load(): Promise<LoadOutcome> {
    const [headRow, checkpointRow, tailRow] = await this.#rows.get([{ table: 'meta', key: 'head' }, { table: 'chain', key: 'checkpoint' }, { table: 'chain', key: 'tail' }]);
    if (headRow === undefined && tailRow === undefined) {
      this.#election = undefined;
      return this.#rows.rebuilt ? { kind: 'damaged', code: 'tables-missing', data: {} } : { kind: 'empty' };
    }
    const head = readHeadRow(unseal('meta', 'head', headRow));
    if (!head) return this.#setAside('head-row', {});
    const height = head.election?.height ?? 0;
    const previousHeight = height - this.#blocksPerEpoch;
    const [electionRow, previousRow] = await this.#rows.get([{ table: 'validators', key: height }, { table: 'validators', key: previousHeight }]);
    const outcome = checkRows(
      head,
      {
        head: headRow,
        election: unseal('validators', height, electionRow),
        previousElection: unseal('validators', previousHeight, previousRow),
        previousElectionPresent: previousRow !== undefined,
        checkpoint: unseal('chain', 'checkpoint', checkpointRow),
        tail: unseal('chain', 'tail', tailRow),
      },
      this.#genesisHash,
    );
    if ('code' in outcome) return this.#setAside(outcome.code, outcome.data);
    this.#election = head.election;
    return { kind: 'chain', chain: outcome };
  }

  async takeFencing(): Promise<number> {
    let taken = 0;
    await this.#rows.write({ durability: 'strict', writes: [] }, (row) => {
      taken = Math.max(readFencing(row), this.#fencing) + 1;
      const payload = new Uint8Array(4);
      new DataView(payload.buffer).setUint32(0, taken);
      return [sealed('meta', 'fencing', payload)];
    });
    this.#fencing = taken;
    return taken;
  }

  async commit(change: ChainCommit): Promise<void> {
    const newest = change.elections.at(-1);
    const election = newest ? pointerTo(newest) : change.startsOver ? undefined : await this.#storedElection();
    const checkpoint = change.checkpoint && pointerTo(change.checkpoint);
    const writes: RowWrite[] = [];
    for (const block of change.elections) {
      const { height, hash } = pointerTo(block);
      writes.push(sealed('elections', height, encodeElection(block)), sealed('election-heights', hash, heightBytes(height)));
      if (newest && height >= newest.header.blockNumber - this.#blocksPerEpoch) writes.push(sealed('validators', height, encodeMacro(block)));
    }
    writes.push(change.checkpoint ? sealed('chain', 'checkpoint', encodeMacro(change.checkpoint)) : { table: 'chain', key: 'checkpoint', value: undefined });
    writes.push(sealed('chain', 'tail', encodeTail(change.tail)));
    const head = { head: change.head, election, checkpoint, tail: change.tail.length, anchor: change.anchor, checked: change.checked };
    writes.push(sealed('meta', 'head', encodeHeadRow(head)));
    await this.#rows.write(
      {
        // A lost micro block is fetched again in a moment; a macro block may be what everything else rests on.
        durability: change.tail.length === 0 || newest ? 'strict' : 'relaxed',
        clear: change.startsOver ? CHAIN_TABLES : undefined,
        deleteBelow: newest && { table: 'validators', key: newest.header.blockNumber - this.#blocksPerEpoch },
        writes,
      },
      this.#guard,
    );
    this.#election = election;
  }

  async election(key: Hash | number): Promise<{ readonly height: number; readonly hash: Hash; readonly block: MacroBlock } | undefined> {
    let height = key;
    if (typeof height === 'string') {
      const [row] = await this.#rows.get([{ table: 'election-heights', key: height }]);
      const payload = unseal('election-heights', height, row);
      if (payload?.length !== 4) return undefined;
      height = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
    }
    const next = height + this.#blocksPerEpoch;
    const [row, nextRow] = await this.#rows.get([{ table: 'elections', key: height }, { table: 'elections', key: next }]);
    const payload = unseal('elections', height, row);
    const read = payload && decodeElection(payload);
    if (!read || read.block.header.blockNumber !== height || (typeof key === 'string' && read.hash !== key)) return undefined;
    const nextPayload = unseal('elections', next, nextRow);
    const successor = nextPayload && decodeElection(nextPayload);
    if (successor && successor.block.header.parentElectionHash !== read.hash) return undefined;
    return { height, hash: read.hash, block: read.block };
  }

  async decodedKeys(compressed: readonly Uint8Array[]): Promise<readonly DecodedKey[]> {
    const ids = compressed.map(decodedKeyId);
    const rows = await this.#rows.get(ids.map((key) => ({ table: 'keys', key })));
    return rows.flatMap((row, index) => {
      const payload = unseal('keys', ids[index]!, row);
      const key = payload && decodeDecodedKey(payload, compressed[index]!);
      return key ? [key] : [];
    });
  }

  async putDecodedKeys(keys: readonly DecodedKey[]): Promise<void> {
    const rows = new Map<RowKey, DecodedKey>();
    for (const key of keys.slice(0, MAX_KEYS)) if (isDecodedKey(key)) rows.set(decodedKeyId(key.compressed), key);
    if (rows.size === 0) return;
    const held = (await this.#rows.keys('keys')).filter((key) => !rows.has(key));
    // The rows are keyed by hash, so the first ones are any ones: good enough for what can be computed again.
    const surplus = held.slice(0, Math.max(0, held.length + rows.size - MAX_KEYS));
    const writes = [
      ...surplus.map((key): RowWrite => ({ table: 'keys', key, value: undefined })),
      ...Array.from(rows, ([key, value]) => sealed('keys', key, encodeDecodedKey(value))),
    ];
    await this.#rows.write({ durability: 'relaxed', writes }, this.#guard);
  }

  async proofs(): Promise<readonly ProofRecord[]> {
    const rows = await this.#rows.get(PROOF_KEYS.map((key) => ({ table: 'meta', key })));
    return rows.flatMap((row, index) => {
      const payload = unseal('meta', PROOF_KEYS[index]!, row);
      const record = payload && decodeProof(payload);
      return record && proofKey(record.origin) === PROOF_KEYS[index] ? [record] : [];
    });
  }

  async putProof(record: ProofRecord): Promise<void> {
    await this.#rows.write({ durability: 'relaxed', writes: [sealed('meta', proofKey(record.origin), encodeProof(record))] }, this.#guard);
  }

  async dropProof(origin: ProofRecord['origin']): Promise<void> {
    await this.#rows.write({ durability: 'relaxed', writes: [{ table: 'meta', key: proofKey(origin), value: undefined }] }, this.#guard);
  }

  async archive(): Promise<{ readonly blocks: ReadonlyMap<Hash, ArchivedBlock>; readonly proof: ArchivedProof | undefined }> {
    const [proofRow] = await this.#rows.get([{ table: 'archive', key: 'proof' }]);
    const proof = unseal('archive', 'proof', proofRow);
    const hashes = (await this.#rows.keys('archive')).filter((key) => typeof key === 'string' && key !== 'proof') as Hash[];
    const blocks = new Map<Hash, ArchivedBlock>();
    for (let start = 0; start < hashes.length; start += ARCHIVE_STEP) {
      const step = hashes.slice(start, start + ARCHIVE_STEP);
      const rows = await this.#rows.get(step.map((key) => ({ table: 'archive', key })));
      for (const [index, hash] of step.entries()) {
        const payload = unseal('archive', hash, rows[index]);
        const block = payload && archivedRow.decode(payload);
        if (block) blocks.set(hash, block);
      }
    }
    return { blocks, proof: proof && archivedProofRow.decode(proof) };
  }

  async putArchive({ blocks, proof }: ArchiveChange): Promise<void> {
    const writes = Array.from(blocks, ([hash, block]): RowWrite => (block ? sealed('archive', hash, archivedRow.encode(block)) : { table: 'archive', key: hash, value: undefined }));
    if (proof) writes.push(sealed('archive', 'proof', archivedProofRow.encode(proof)));
    await this.#rows.write({ durability: 'relaxed', writes }, this.#guard);
  }

  async bans(): Promise<readonly KeptBan[]> {
    const [row] = await this.#rows.get([{ table: 'meta', key: 'bans' }]);
    const payload = unseal('meta', 'bans', row);
    return payload ? decodeBans(payload) : [];
  }

  async putBans(bans: readonly KeptBan[]): Promise<void> {
    await this.#rows.write({ durability: 'relaxed', writes: [sealed('meta', 'bans', encodeBans(bans))] }, this.#guard);
  }

  async trim(cap: number): Promise<number> {
    const bound = Math.floor(cap * FILL);
    let size = await this.#rows.size();
    if (size <= bound) return size;
    // With a hole in it the archive shows nobody the way: it goes as a whole.
    await this.#rows.write({ durability: 'relaxed', clear: ['archive'], writes: [] }, this.#guard);
    size = await this.#rows.size();
    if (size <= bound) return size;
    const whole = new Set(await this.#rows.keys('validators'));
    const old = (await this.#rows.keys('elections')).filter((key) => typeof key === 'number' && !whole.has(key));
    const writes: RowWrite[] = [];
    let left = size;
    for (let start = 0; start < old.length && left > bound; start += TRIM_STEP) {
      const keys = old.slice(start, start + TRIM_STEP);
      const rows = await this.#rows.get(keys.map((key) => ({ table: 'elections', key })));
      for (let index = 0; index < keys.length && left > bound; index++) {
        const key = keys[index]!;
        const payload = unseal('elections', key, rows[index]);
        const hash = payload && decodeElection(payload)?.hash;
        left -= rows[index]?.length ?? 0;
        writes.push({ table: 'elections', key, value: undefined });
        if (hash !== undefined) writes.push({ table: 'election-heights', key: hash, value: undefined });
      }
    }
    // What is left is what the chain needs, and keys, which can be computed again.
    await this.#rows.write({ durability: 'relaxed', clear: left > bound ? ['keys'] : undefined, writes }, this.#guard);
    return this.#rows.size();
  }

  size(): Promise<number> {
    return this.#rows.size();
  }

  wipe(): Promise<void> {
    return this.#emptied([...CHAIN_TABLES, 'keys', 'archive'], ['bans', ...PROOF_KEYS].map((key) => ({ table: 'meta', key, value: undefined })));
  }

  close(): Promise<void> {
    return this.#rows.close();
  }

  readonly #guard: Guard = (row) => {
    const stored = readFencing(row);
    if (stored === 0 && this.#fencing > 0) throw new StorageError('lost', `the store that was ours as owner ${this.#fencing} is gone`);
    if (stored !== this.#fencing) throw new StorageError('stale-owner', `the store belongs to owner ${stored}, we are ${this.#fencing}`);
    return [];
  };

  async #storedElection(): Promise<BlockPointer | undefined> {
    if (this.#election === 'unknown') {
      const [row] = await this.#rows.get([{ table: 'meta', key: 'head' }]);
      this.#election = readHeadRow(unseal('meta', 'head', row))?.election;
    }
    return this.#election;
  }

  async #empty(tables: readonly Table[], further: readonly RowWrite[]): Promise<void> {
    await this.#rows.write({ durability: 'strict', clear: tables, writes: [{ table: 'meta', key: 'head', value: undefined }, ...further] }, this.#guard);
    this.#election = undefined;
  }

  async #emptied(tables: readonly Table[], further: readonly RowWrite[] = []): Promise<void> {
    try {
      await this.#empty(tables, further);
    } catch (error) {
      if (!(error instanceof StorageError && error.code === 'lost')) throw error;
      // Gone is as good as empty, if it is ours again.
      await this.takeFencing();
      await this.#empty(tables, further);
    }
  }

  async #setAside(code: string, data: Readonly<Record<string, string | number>>): Promise<LoadOutcome> {
    await this.#emptied(CHAIN_TABLES);
    return { kind: 'damaged', code, data };
  }
}

function sealed(table: Table, key: RowKey, payload: Uint8Array): RowWrite {
  return { table, key, value: seal(table, key, payload) };
}

function pointerTo(block: MacroBlock): BlockPointer {
  return { height: block.header.blockNumber, hash: blockHash(block) };
}

function heightBytes(height: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, height);
  return bytes;
}

/** A damaged number counts as none: the next grant starts over at 1, and who holds a higher one is stale all the same. */
function readFencing(row: unknown): number {
  const payload = unseal('meta', 'fencing', row);
  return payload?.length === 4 ? new DataView(payload.buffer, payload.byteOffset).getUint32(0) : 0;
}
