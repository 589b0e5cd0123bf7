// Tests: `src/chains/albatross/store/memory-store.test.ts`, `src/chains/albatross/store/indexed-db-store.test.ts`.
import { blockHash } from '../chain/hashes.ts';
import type { ArchivedBlock } from '../chain/election-archive.ts';
import type { NetworkParameters } from '../chain/network.ts';
import { parametersHash } from '../chain/parameters-hash.ts';
import type { ProofRecord } from '../chain/proof-record.ts';
import type { Hash } from '../../../base/hash.ts';
import type { MacroBlock } from '../wire/types.ts';
import type { DecodedKey } from '../../../crypto/jobs.ts';
import type { KeptBan } from '../../../engine/peers/peer-book.ts';
import type { RememberedPeer } from '../../../engine/peers/remembered-peers.ts';
import { archivedProofRow, archivedRow } from './archive-row.ts';
import { decodeBans, encodeBans } from '../../../storage/ban-row.ts';
import { decodeElection, encodeElection, encodeMacro, encodeTail } from './block-rows.ts';
import { checkRows, readHeadRow } from './check-rows.ts';
import { decodedKeyId, decodeDecodedKey, encodeDecodedKey, isDecodedKey } from './decoded-key-row.ts';
import { encodeHeadRow, type BlockPointer } from './head-row.ts';
import { decodePeers, encodePeers } from '../../../storage/peer-row.ts';
import { HistoryRows } from './history-rows.ts';
import { decodeProof, encodeProof } from './proof-row.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowKey, Rows, RowWrite, Table } from '../../../storage/rows.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { ArchiveChange, ArchivedProof, ChainCommit, LoadOutcome, Store } from './store.ts';

/** Maximum number of decoded keys kept, 855 bytes each: two epochs of at most 512 validators. */
const MAX_KEYS = 1_024;

/** All tables that depend on the chain. `keys` are valid on any chain, and the fencing number outlives them all. */
const CHAIN_TABLES: readonly Table[] = ['chain', 'validators', 'elections', 'election-heights', 'history'];

type ProofKey = `proof-${ProofRecord['origin']}`;
const PROOF_KEYS: readonly ProofKey[] = ['proof-genesis', 'proof-pinned'];

function proofKey(origin: ProofRecord['origin']): ProofKey {
  return `proof-${origin}`;
}

/** Share of the cap that `trim` leaves. The rest is room for what one epoch writes before the next check. */
const FILL = 0.9;
/** Number of rows read at a time. */
const TRIM_STEP = 256;
/** Number of whole election blocks read at a time, in rows of some 20 kB. */
const ARCHIVE_STEP = 64;
/** Bytes of archived blocks that are read. The archive holds half of that, so more is in a database only if somebody wrote it there. */
const MAX_ARCHIVE = 48_000_000;

/** The store's logic over rows, independent of where these are kept. */
export class AlbatrossStore implements Store {
  readonly kind: Store['kind'];
  readonly #rows: OwnedRows;
  readonly #history: HistoryRows;
  readonly #genesisHash: Hash;
  readonly #blocksPerEpoch: number;
  /** The newest stored election block; `'unknown'` before the first read. */
  #election: BlockPointer | undefined | 'unknown' = 'unknown';

  constructor(rows: Rows, network: NetworkParameters) {
    this.kind = rows.kind;
    this.#rows = new OwnedRows(rows, parametersHash(network));
    this.#history = new HistoryRows(this.#rows);
    this.#genesisHash = network.genesisHash;
    this.#blocksPerEpoch = network.blocksPerBatch * network.batchesPerEpoch;
  }

  async load(): Promise<LoadOutcome> {
    const [headRow, checkpointRow, tailRow] = await this.#rows.get([{ table: 'meta', key: 'head' }, { table: 'chain', key: 'checkpoint' }, { table: 'chain', key: 'tail' }]);
    if (headRow === undefined && tailRow === undefined) {
      this.#election = undefined;
      return this.#rows.rebuilt ? { kind: 'damaged', code: 'tables-missing', data: {} } : { kind: 'empty' };
    }
    const head = readHeadRow(this.#rows.unseal('meta', 'head', headRow));
    if (!head && this.#rows.isForeign('meta', 'head', headRow)) {
      await this.setAside();
      return { kind: 'damaged', code: 'other-parameters', data: {} };
    }
    if (!head) return this.#setAside('head-row', {});
    const height = head.election?.height ?? 0;
    const previousHeight = height - this.#blocksPerEpoch;
    const [electionRow, previousRow] = await this.#rows.get([{ table: 'validators', key: height }, { table: 'validators', key: previousHeight }]);
    const outcome = checkRows(
      head,
      {
        head: headRow,
        election: this.#rows.unseal('validators', height, electionRow),
        previousElection: this.#rows.unseal('validators', previousHeight, previousRow),
        previousElectionPresent: previousRow !== undefined,
        checkpoint: this.#rows.unseal('chain', 'checkpoint', checkpointRow),
        tail: this.#rows.unseal('chain', 'tail', tailRow),
      },
      this.#genesisHash,
    );
    if ('code' in outcome) return this.#setAside(outcome.code, outcome.data);
    this.#election = head.election;
    return { kind: 'chain', chain: outcome };
  }

  takeFencing = (): Promise<number> => this.#rows.takeFencing();

  async commit(change: ChainCommit): Promise<void> {
    const newest = change.elections.at(-1);
    const election = newest ? pointerTo(newest) : change.startsOver ? undefined : await this.#storedElection();
    const checkpoint = change.checkpoint && pointerTo(change.checkpoint);
    const writes: RowWrite[] = [];
    for (const block of change.elections) {
      const { height, hash } = pointerTo(block);
      writes.push(this.#rows.sealed('elections', height, encodeElection(block)), this.#rows.sealed('election-heights', hash, heightBytes(height)));
      if (newest && height >= newest.header.blockNumber - this.#blocksPerEpoch) writes.push(this.#rows.sealed('validators', height, encodeMacro(block)));
    }
    writes.push(change.checkpoint ? this.#rows.sealed('chain', 'checkpoint', encodeMacro(change.checkpoint)) : { table: 'chain', key: 'checkpoint', value: undefined });
    writes.push(this.#rows.sealed('chain', 'tail', encodeTail(change.tail)));
    const head = { head: change.head, election, checkpoint, tail: change.tail.length, anchor: change.anchor, checked: change.checked };
    writes.push(this.#rows.sealed('meta', 'head', encodeHeadRow(head)));
    await this.#rows.write(
      {
        // A lost micro block is quickly fetched again; a macro block may be the basis of everything else.
        durability: change.tail.length === 0 || newest ? 'strict' : 'relaxed',
        clear: change.startsOver ? CHAIN_TABLES : undefined,
        deleteBelow: newest && { table: 'validators', key: newest.header.blockNumber - this.#blocksPerEpoch },
        writes,
      },
    );
    this.#election = election;
    if (change.startsOver) this.#history.cleared();
  }

  async election(key: Hash | number): Promise<{ readonly height: number; readonly hash: Hash; readonly block: MacroBlock } | undefined> {
    let height = key;
    if (typeof height === 'string') {
      const [row] = await this.#rows.get([{ table: 'election-heights', key: height }]);
      const payload = this.#rows.unseal('election-heights', height, row);
      if (payload?.length !== 4) return undefined;
      height = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
    }
    const next = height + this.#blocksPerEpoch;
    const [row, nextRow] = await this.#rows.get([{ table: 'elections', key: height }, { table: 'elections', key: next }]);
    const payload = this.#rows.unseal('elections', height, row);
    const read = payload && decodeElection(payload);
    if (!read || read.block.header.blockNumber !== height || (typeof key === 'string' && read.hash !== key)) return undefined;
    const nextPayload = this.#rows.unseal('elections', next, nextRow);
    const successor = nextPayload && decodeElection(nextPayload);
    if (successor && successor.block.header.parentElectionHash !== read.hash) return undefined;
    return { height, hash: read.hash, block: read.block };
  }

  async decodedKeys(compressed: readonly Uint8Array[]): Promise<readonly DecodedKey[]> {
    const ids = compressed.map(decodedKeyId);
    const rows = await this.#rows.get(ids.map((key) => ({ table: 'keys', key })));
    return rows.flatMap((row, index) => {
      const payload = this.#rows.unseal('keys', ids[index]!, row);
      const key = payload && decodeDecodedKey(payload, compressed[index]!);
      return key ? [key] : [];
    });
  }

  async putDecodedKeys(keys: readonly DecodedKey[]): Promise<void> {
    const rows = new Map<RowKey, DecodedKey>();
    for (const key of keys.slice(0, MAX_KEYS)) if (isDecodedKey(key)) rows.set(decodedKeyId(key.compressed), key);
    if (rows.size === 0) return;
    const held = (await this.#rows.keys('keys')).filter((key) => !rows.has(key));
    // Keys are hashes, so this evicts arbitrary rows. Fine: they can be recomputed.
    const surplus = held.slice(0, Math.max(0, held.length + rows.size - MAX_KEYS));
    const writes = [
      ...surplus.map((key): RowWrite => ({ table: 'keys', key, value: undefined })),
      ...Array.from(rows, ([key, value]) => this.#rows.sealed('keys', key, encodeDecodedKey(value))),
    ];
    await this.#rows.write({ durability: 'relaxed', writes });
  }

  async proofs(): Promise<readonly ProofRecord[]> {
    const rows = await this.#rows.get(PROOF_KEYS.map((key) => ({ table: 'meta', key })));
    return rows.flatMap((row, index) => {
      const payload = this.#rows.unseal('meta', PROOF_KEYS[index]!, row);
      const record = payload && decodeProof(payload);
      return record && proofKey(record.origin) === PROOF_KEYS[index] ? [record] : [];
    });
  }

  async putProof(record: ProofRecord): Promise<void> {
    await this.#rows.write({ durability: 'relaxed', writes: [this.#rows.sealed('meta', proofKey(record.origin), encodeProof(record))] });
  }

  async dropProof(origin: ProofRecord['origin']): Promise<void> {
    await this.#rows.write({ durability: 'relaxed', writes: [{ table: 'meta', key: proofKey(origin), value: undefined }] });
  }

  async archive(maxBytes = MAX_ARCHIVE): Promise<{ readonly blocks: ReadonlyMap<Hash, ArchivedBlock>; readonly proof: ArchivedProof | undefined }> {
    const [proofRow] = await this.#rows.get([{ table: 'archive', key: 'proof' }]);
    const proof = this.#rows.unseal('archive', 'proof', proofRow);
    const hashes = (await this.#rows.keys('archive')).filter((key) => typeof key === 'string' && key !== 'proof') as Hash[];
    const blocks = new Map<Hash, ArchivedBlock>();
    let size = 0;
    for (let start = 0; start < hashes.length; start += ARCHIVE_STEP) {
      if (size > maxBytes) {
        await this.#rows.write({ durability: 'relaxed', writes: hashes.slice(start).map((key) => ({ table: 'archive', key, value: undefined })) });
        break;
      }
      const step = hashes.slice(start, start + ARCHIVE_STEP);
      const rows = await this.#rows.get(step.map((key) => ({ table: 'archive', key })));
      for (const [index, hash] of step.entries()) {
        size += rows[index]?.length ?? 0;
        const payload = this.#rows.unseal('archive', hash, rows[index]);
        const block = payload && archivedRow.decode(payload);
        if (block) blocks.set(hash, block);
      }
    }
    return { blocks, proof: proof && archivedProofRow.decode(proof) };
  }

  async putArchive({ blocks, proof }: ArchiveChange): Promise<void> {
    const writes = Array.from(blocks, ([hash, block]): RowWrite => (block ? this.#rows.sealed('archive', hash, archivedRow.encode(block)) : { table: 'archive', key: hash, value: undefined }));
    if (proof === 'none') writes.push({ table: 'archive', key: 'proof', value: undefined });
    else if (proof) writes.push(this.#rows.sealed('archive', 'proof', archivedProofRow.encode(proof)));
    await this.#rows.write({ durability: 'relaxed', writes });
  }

  history: Store['history'] = (hashes) => this.#history.get(hashes);
  putHistory: Store['putHistory'] = (entries) => this.#history.put(entries);
  clearHistory = (): Promise<void> => this.#history.clear();

  async bans(): Promise<readonly KeptBan[]> {
    const [row] = await this.#rows.get([{ table: 'meta', key: 'bans' }]);
    const payload = this.#rows.unseal('meta', 'bans', row);
    return payload ? decodeBans(payload) : [];
  }

  async putBans(bans: readonly KeptBan[]): Promise<void> {
    await this.#rows.write({ durability: 'relaxed', writes: [this.#rows.sealed('meta', 'bans', encodeBans(bans))] });
  }

  async peers(): Promise<readonly RememberedPeer[]> {
    const [row] = await this.#rows.get([{ table: 'meta', key: 'peers' }]);
    const payload = this.#rows.unseal('meta', 'peers', row);
    return payload ? decodePeers(payload) : [];
  }

  async putPeers(peers: readonly RememberedPeer[]): Promise<void> {
    await this.#rows.write({ durability: 'relaxed', writes: [this.#rows.sealed('meta', 'peers', encodePeers(peers))] });
  }

  async trim(cap: number): Promise<number> {
    const bound = Math.floor(cap * FILL);
    let size = await this.#rows.size();
    if (size <= bound) return size;
    // An archive with a gap shows no way from genesis, so delete all of it.
    await this.#rows.write({ durability: 'relaxed', clear: ['archive'], writes: [] });
    size = await this.#rows.size();
    if (size <= bound) return size;
    await this.#history.clear();
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
        const payload = this.#rows.unseal('elections', key, rows[index]);
        const hash = payload && decodeElection(payload)?.hash;
        left -= rows[index]?.length ?? 0;
        writes.push({ table: 'elections', key, value: undefined });
        if (hash !== undefined) writes.push({ table: 'election-heights', key: hash, value: undefined });
      }
    }
    // The rest is needed by the chain, except the keys, which can be recomputed.
    await this.#rows.write({ durability: 'relaxed', clear: left > bound ? ['keys'] : undefined, writes });
    return this.#rows.size();
  }

  size(): Promise<number> {
    return this.#rows.size();
  }

  setAside(): Promise<void> {
    return this.#emptied([...CHAIN_TABLES, 'archive'], PROOF_KEYS.map((key) => ({ table: 'meta', key, value: undefined })));
  }

  wipe(): Promise<void> {
    return this.#emptied([...CHAIN_TABLES, 'keys', 'archive'], ['bans', 'peers', ...PROOF_KEYS].map((key) => ({ table: 'meta', key, value: undefined })));
  }

  close(): Promise<void> {
    return this.#rows.close();
  }

  async #storedElection(): Promise<BlockPointer | undefined> {
    if (this.#election === 'unknown') {
      const [row] = await this.#rows.get([{ table: 'meta', key: 'head' }]);
      this.#election = readHeadRow(this.#rows.unseal('meta', 'head', row))?.election;
    }
    return this.#election;
  }

  async #empty(tables: readonly Table[], further: readonly RowWrite[]): Promise<void> {
    await this.#rows.write({ durability: 'strict', clear: tables, writes: [{ table: 'meta', key: 'head', value: undefined }, ...further] });
    this.#election = undefined;
    this.#history.cleared();
  }

  async #emptied(tables: readonly Table[], further: readonly RowWrite[] = []): Promise<void> {
    try {
      await this.#empty(tables, further);
    } catch (error) {
      if (!(error instanceof StorageError && error.code === 'lost')) throw error;
      // The database was deleted, so it is empty; take ownership again.
      await this.takeFencing();
      await this.#empty(tables, further);
    }
  }

  async #setAside(code: string, data: Readonly<Record<string, string | number>>): Promise<LoadOutcome> {
    await this.#emptied(CHAIN_TABLES);
    return { kind: 'damaged', code, data };
  }
}

function pointerTo(block: MacroBlock): BlockPointer {
  return { height: block.header.blockNumber, hash: blockHash(block) };
}

function heightBytes(height: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, height);
  return bytes;
}
