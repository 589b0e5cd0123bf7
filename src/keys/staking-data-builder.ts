import { decode, encode } from '../base/postcard/codec.ts';
import { DecodeError } from '../base/postcard/errors.ts';
import { stakingWithdrawal } from '../chains/albatross/transactions/outgoing-proof.ts';
import { emptySignatureProof, signatureProof } from '../chains/albatross/transactions/signature-proof.ts';
import { stakingData, withInnerProof } from '../chains/albatross/transactions/staking-data.ts';
import type { Address } from './address.ts';
import { lunaOf } from './amounts.ts';
import { Freeable } from './freeable.ts';
import { KeysError } from './keys-error.ts';
import type { SignatureProof } from './signature-proof.ts';

/**
 * Data of staking transactions. Besides that of `addStake` and `removeStake`, it has an empty inner proof: `Transaction.sign` puts the
 * right one in its place, or `setProof` does.
 */
export class StakingDataBuilder extends Freeable {
  private constructor() {
    super();
  }

  static addStake(stakerAddress: Address): Uint8Array {
    return encode(stakingData, { type: 'add-stake', staker: stakerAddress.serialize() });
  }

  static createStaker(delegation: Address | undefined): Uint8Array {
    return encode(stakingData, { type: 'create-staker', delegation: delegation?.serialize(), proof: emptySignatureProof });
  }

  /** Sender data, for a transaction from the staking contract. */
  static removeStake(): Uint8Array {
    return encode(stakingWithdrawal, 'remove-stake');
  }

  /** @throws {KeysError} `wrong-type`, `out-of-range`. */
  static retireStake(retireStake: bigint): Uint8Array {
    return encode(stakingData, { type: 'retire-stake', retireStake: lunaOf(retireStake, 'stake'), proof: emptySignatureProof });
  }

  /** @throws {KeysError} `wrong-type`, `out-of-range`. */
  static setActiveStake(newActiveBalance: bigint): Uint8Array {
    return encode(stakingData, { type: 'set-active-stake', newActiveBalance: lunaOf(newActiveBalance, 'stake'), proof: emptySignatureProof });
  }

  static updateStaker(newDelegation: Address | undefined, reactivateAllStake: boolean): Uint8Array {
    return encode(stakingData, { type: 'update-staker', newDelegation: newDelegation?.serialize(), reactivateAllStake, proof: emptySignatureProof });
  }

  /**
   * The same data with this inner proof.
   * @throws {KeysError} `invalid-data`.
   */
  static setProof(data: Uint8Array, proof: SignatureProof): Uint8Array {
    try {
      return encode(stakingData, withInnerProof(decode(stakingData, data), decode(signatureProof, proof.serialize())));
    } catch (error) {
      if (error instanceof DecodeError) throw new KeysError('invalid-data', `staking data: ${error.message}`);
      throw error;
    }
  }
}
