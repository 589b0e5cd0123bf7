/**
 * The entry `petrel/verify`: verifies proofs that were taken away as files. No network, no workers, no WebAssembly; in browsers and in Node.
 * @module
 */

export { verifyProofFile, type VerifyOptions } from '../verify/verify.ts';
export { ProofFileError, type ProofFileErrorCode } from '../chains/albatross/proof-file/proof-file-error.ts';
export type { ProvenBlockView, ProvenStatement, RestsOn, VerifiedProof } from '../chains/albatross/proof-file/verified-proof.ts';
export type { AccountView, StakerView, TransactionView, ValidatorView } from '../chains/albatross/chain/wallet-views.ts';
export type { NetworkParameters, Seed, ZkpParameters } from '../chains/albatross/chain/network.ts';
export { NetworkParametersError } from '../chains/albatross/chain/network-parameters-error.ts';
