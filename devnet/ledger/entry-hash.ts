import { concatBytes, toHex } from '../../src/base/bytes.ts';
import { encode, u32 } from '../../src/base/postcard/codec.ts';
import type { Hash } from '../../src/base/hash.ts';
import { transactionHash } from '../../src/chains/albatross/transactions/transaction-hash.ts';
import { historicTransaction, type HistoricTransaction } from '../../src/chains/albatross/wire/history.ts';
import { blake2b } from '../../src/crypto/blake2b.ts';

/** Begin of the content of an event that is no transaction: no data, the address of zeros, type 255. */
const INHERENT = Uint8Array.from([...new Uint8Array(22), 255]);

/** Computed once for each entry, because every question for an address or a hash goes through all of them. */
const known = new WeakMap<HistoricTransaction, Hash>();

/** The hash by which a wallet knows an event. Albatross proofs reference, 3.1. */
export function entryHash(entry: HistoricTransaction): Hash {
  const hash = known.get(entry) ?? (entry.event.type === 'basic' ? transactionHash(entry.event.executed.transaction) : inherentHash(entry));
  known.set(entry, hash);
  return hash;
}

function inherentHash(entry: HistoricTransaction): Hash {
  const numbered = { ...entry, blockNumber: entry.event.type === 'equivocation' ? 0 : entry.blockNumber };
  // As on the wire, network, height and event, but without the time between them, which is one byte if it is 0.
  const bytes = encode(historicTransaction, { ...numbered, blockTime: 0 });
  const start = 1 + encode(u32, numbered.blockNumber).length;
  return toHex(blake2b(blake2b(concatBytes(INHERENT, bytes.slice(0, start), bytes.slice(start + 1)))));
}
