/**
 * The entry `petrel/nimiq`: the API of the official client, on the client of the entry `petrel`. With it come all of `petrel/keys`, and the keys
 * of validators, which need the curve of their votes.
 * @module
 */

export * from './keys.ts';
export { BLSKeyPair } from '../keys/bls-key-pair.ts';
export { BLSPublicKey } from '../keys/bls-public-key.ts';
export { BLSSecretKey } from '../keys/bls-secret-key.ts';
export { Client } from '../nimiq/client.ts';
export { ClientConfiguration } from '../nimiq/client-configuration.ts';
export { NimiqError, type NimiqErrorCode } from '../nimiq/nimiq-error.ts';
export type { ConsensusState } from '../nimiq/consensus-state.ts';
export type { Client as NativeClient } from '../client/types.ts';
export type { PlainAccount, PlainBasicAccount, PlainHtlcContract, PlainStakingContract, PlainVestingContract } from '../nimiq/plain-account.ts';
export type { PlainBlock, PlainBlockCommonFields, PlainMacroBlock, PlainMicroBlock, PlainSlot } from '../nimiq/plain-block.ts';
export type { PlainClientConfiguration } from '../nimiq/plain-client-configuration.ts';
export type {
  PlainAddStakeData, PlainCreateStakerData, PlainHtlcEarlyResolveProof, PlainHtlcRegularTransferProof, PlainHtlcTimeoutResolveProof, PlainRawData, PlainRawProof, PlainRetireStakeData,
  PlainSetActiveStakeData, PlainSignalDataUpdateMode, PlainStandardProof, PlainUpdateStakerData, PlainValidatorData,
} from '../nimiq/plain-data-types.ts';
export type { PlainPeerInfo, PlainService } from '../nimiq/plain-peer-info.ts';
export type { PlainElectedValidator, PlainStaker, PlainValidator } from '../nimiq/plain-staking.ts';
export type { PlainTransactionDetails, TransactionState } from '../nimiq/plain-transaction-details.ts';
export type { PlainTransactionReceipt } from '../nimiq/plain-transaction-receipt.ts';
