import type { Hash } from '../../src/base/hash.ts';
import { eventHash } from '../../src/chains/albatross/proofs/event-hash.ts';
import type { HistoricTransaction } from '../../src/chains/albatross/wire/history.ts';

const known = new WeakMap<HistoricTransaction, Hash>();

/** `eventHash`, computed once for each entry, because every question for an address or a hash goes through all of them. */
export function entryHash(entry: HistoricTransaction): Hash {
  const hash = known.get(entry) ?? eventHash(entry);
  known.set(entry, hash);
  return hash;
}
