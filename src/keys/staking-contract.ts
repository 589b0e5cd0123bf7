import { Freeable } from './freeable.ts';
import { plainSignatureProof, plainStakingData } from './plain-data.ts';
import type { PlainTransactionProof, PlainTransactionRecipientData } from './plain-transaction.ts';

/** Reads the data and proofs of staking transactions. Bytes that are no such thing throw `KeysError` `invalid-data`. */
export class StakingContract extends Freeable {
  private constructor() {
    super();
  }

  /** Of a transaction to the contract. */
  static dataToPlain(data: Uint8Array): PlainTransactionRecipientData {
    return plainStakingData(data);
  }

  /** Of a transaction from the contract. */
  static proofToPlain(proof: Uint8Array): PlainTransactionProof {
    return plainSignatureProof(proof);
  }
}
