import { lunaOf } from './amounts.ts';
import { Freeable } from './freeable.ts';
import { plainSignatureProof, plainVestingData } from './plain-data.ts';
import type { PlainTransactionProof, PlainTransactionRecipientData } from './plain-transaction.ts';

/** Reads the data and proofs of vesting contracts. Bytes that are no such thing throw `KeysError` `invalid-data`. */
export class VestingContract extends Freeable {
  private constructor() {
    super();
  }

  /** Of a creation that transfers `value` Luna. */
  static dataToPlain(data: Uint8Array, value: bigint): PlainTransactionRecipientData {
    return plainVestingData(data, lunaOf(value, 'value'));
  }

  /** Of a claim. */
  static proofToPlain(proof: Uint8Array): PlainTransactionProof {
    return plainSignatureProof(proof);
  }
}
