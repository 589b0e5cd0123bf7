// Tests: `src/chains/stacks/client/import-chain.test.ts`.
/**
 * The chain in one piece, for another browser: the record of its newest confirmed block, the hand-overs up to its cycle, the newest confirmed headers and all
 * pending ones. Nothing in it is trusted by the one that imports it.
 *
 * Bytes, big-endian: record (`store/chain-record.ts`), the hand-overs as length(4) and statement, count(4) and the blocks as length(4) and block.
 * @module
 */
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { StacksWireError } from '../wire/wire-error.ts';
import { decodeStatement, encodeStatement, MAX_HAND_OVERS } from '../proofs/proof-file.ts';
import { decodeStoredBlock, encodeStoredBlock, readRecord, writeRecord } from '../store/chain-record.ts';
import type { StoredChain } from '../store/stacks-store.ts';
import type { StacksChain } from './stacks-chain.ts';

/** Confirmed headers in a file: by these another client sees that the file goes on from what it has. */
const CONFIRMED = 256;
/** Blocks of a file at most: those, and as many pending ones as a client keeps. */
const MAX_BLOCKS = CONFIRMED + 4_096;

/** What is stored of a chain besides its blocks. */
export function recordOf({ root, cycles: { handOvers }, checked }: StacksChain): Pick<StoredChain, 'record' | 'handOvers'> {
  const { height, id, time, cycle } = root;
  const { headers, signatures, stateProofs, milliseconds } = checked;
  return {
    record: { root: { height, id, time, cycle }, handOvers: handOvers.length, checked: { headers, signatures, stateProofs, milliseconds } },
    handOvers: handOvers.map(({ statement }) => statement),
  };
}

/** What is stored of a chain as a whole, with the newest `confirmed` headers: at least one. */
export function storedOf(chain: StacksChain, confirmed: number): StoredChain {
  return { ...recordOf(chain), blocks: [...chain.confirmed.all.slice(-confirmed), ...chain.branch()] };
}

export function encodeChainFile(chain: StacksChain): Uint8Array {
  const { record, handOvers, blocks } = storedOf(chain, CONFIRMED);
  const writer = writeRecord(new ByteWriter(256 * 1024), record);
  for (const bytes of handOvers.map(encodeStatement)) writer.u32(bytes.length).bytes(bytes);
  writer.u32(blocks.length);
  for (const bytes of blocks.map(encodeStoredBlock)) writer.u32(bytes.length).bytes(bytes);
  return writer.done();
}

/** Throws only coded errors. */
export function decodeChainFile(bytes: Uint8Array): StoredChain {
  const reader = new ByteReader(bytes);
  const record = readRecord(reader);
  if (record.handOvers > MAX_HAND_OVERS) throw new StacksWireError('length', `${record.handOvers} hand-overs`);
  const handOvers = Array.from({ length: record.handOvers }, () => decodeStatement(reader.bytes(reader.u32('length'), 'hand-over')));
  const count = reader.u32('count of blocks');
  if (count > MAX_BLOCKS) throw new StacksWireError('length', `${count} blocks`);
  const blocks = Array.from({ length: count }, () => decodeStoredBlock(reader.bytes(reader.u32('length'), 'block')));
  reader.end('the chain');
  return { record, handOvers, blocks };
}
