import { concatBytes, toHex } from '../../../base/bytes.ts';
import { encode, u32 } from '../../../base/postcard/codec.ts';
import type { Hash } from '../../../base/hash.ts';
import { blake2b } from '../../../crypto/blake2b.ts';
import { transactionHash } from '../transactions/transaction-hash.ts';
import { historicEvent } from '../wire/history.ts';
import type { HistoricTransaction } from '../wire/history.ts';

/** In place of a transaction's content: two zero bytes, an address of zeros, and a type that no account has. */
const NO_TRANSACTION = Uint8Array.of(...new Uint8Array(22), 0xff);

/**
 * The hash by which receipts and requests name an entry: of a transaction the hash of its content, which covers neither proof nor outcome;
 * of anything else Blake2b(Blake2b(23 constant bytes ‖ network ‖ varint block number ‖ the event as on the wire)), where the block number of an
 * equivocation is 0. Albatross proofs reference, 3.1. Throws `EncodeError` for an entry that has no encoding.
 */
export function eventHash({ network, blockNumber, event }: HistoricTransaction): Hash {
  if (event.type === 'basic') return transactionHash(event.executed.transaction);
  const height = event.type === 'equivocation' ? 0 : blockNumber;
  return toHex(blake2b(blake2b(concatBytes(NO_TRANSACTION, Uint8Array.of(network), encode(u32, height), encode(historicEvent, event)))));
}
