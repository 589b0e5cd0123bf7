import { Freeable } from './freeable.ts';
import { plainHtlcData, plainHtlcProof } from './plain-data.ts';
import type { PlainTransactionProof, PlainTransactionRecipientData } from './plain-transaction.ts';

/** Reads the data and proofs of hashed time-locked contracts. Bytes that are no such thing throw `KeysError` `invalid-data`. */
export class HashedTimeLockedContract extends Freeable {
  private constructor() {
    super();
  }

  /** Of a creation. */
  static dataToPlain(data: Uint8Array): PlainTransactionRecipientData {
    return plainHtlcData(data);
  }

  /** Of a redemption. */
  static proofToPlain(proof: Uint8Array): PlainTransactionProof {
    return plainHtlcProof(proof);
  }
}
