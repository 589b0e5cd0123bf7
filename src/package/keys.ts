/**
 * The entry `petrel/keys`: keys, addresses and transactions under the names of the official client, without network, workers or WASM.
 * @module
 */

export { AddressTextError, type AddressTextErrorCode } from '../chains/albatross/transactions/address-text.ts';
export { TransactionError, type TransactionErrorCode } from '../chains/albatross/transactions/transaction-error.ts';
export { WebauthnDataError, type WebauthnDataErrorCode } from '../chains/albatross/transactions/webauthn-message.ts';
export { AccountType } from '../keys/account-type.ts';
export { Address } from '../keys/address.ts';
export { ArrayUtils } from '../keys/array-utils.ts';
export { BufferUtils } from '../keys/buffer-utils.ts';
export { Commitment } from '../keys/commitment.ts';
export { CommitmentPair } from '../keys/commitment-pair.ts';
export { CryptoUtils } from '../keys/crypto-utils.ts';
export { ES256PublicKey } from '../keys/es256-public-key.ts';
export { ES256Signature } from '../keys/es256-signature.ts';
export { ExtendedPrivateKey } from '../keys/extended-private-key.ts';
export { Hash } from '../keys/hash.ts';
export { HashedTimeLockedContract } from '../keys/hashed-time-locked-contract.ts';
export { KeyPair } from '../keys/key-pair.ts';
export { KeysError, type KeysErrorCode } from '../keys/keys-error.ts';
export { MerklePath } from '../keys/merkle-path.ts';
export { MerkleTree } from '../keys/merkle-tree.ts';
export { MnemonicUtils } from '../keys/mnemonic-utils.ts';
export { policyOfNetwork } from '../keys/network-policy.ts';
export { NumberUtils } from '../keys/number-utils.ts';
export { PartialSignature } from '../keys/partial-signature.ts';
export type {
  PlainCreateValidatorData, PlainHtlcData, PlainSetSignalDataData, PlainTransaction, PlainTransactionProof, PlainTransactionRecipientData, PlainTransactionSenderData, PlainUpdateValidatorData, PlainVestingData,
} from '../keys/plain-transaction.ts';
export { Policy } from '../keys/policy.ts';
export { PrivateKey } from '../keys/private-key.ts';
export { PublicKey } from '../keys/public-key.ts';
export { RandomSecret } from '../keys/random-secret.ts';
export { Entropy, Secret } from '../keys/secret.ts';
export { SerialBuffer } from '../keys/serial-buffer.ts';
export { Signature } from '../keys/signature.ts';
export { SignatureProof } from '../keys/signature-proof.ts';
export { signedMessageHash, signMessage, verifySignedMessage } from '../keys/signed-message.ts';
export { StakingContract } from '../keys/staking-contract.ts';
export { StakingDataBuilder } from '../keys/staking-data-builder.ts';
export { StringUtils } from '../keys/string-utils.ts';
export { Transaction } from '../keys/transaction.ts';
export { TransactionBuilder } from '../keys/transaction-builder.ts';
export { TransactionFlag } from '../keys/transaction-flag.ts';
export { TransactionFormat } from '../keys/transaction-format.ts';
export { VestingContract } from '../keys/vesting-contract.ts';

export { CryptoInputError, type CryptoInputErrorCode } from '../crypto/crypto-input-error.ts';
