/**
 * The entry `petrel/verify-chains`: verifies proof files of other chains than Albatross: HotStuff-2, Moloch and Stacks. No network, no workers, no WebAssembly; in
 * browsers and in Node.
 * @module
 */

export { verifyChainProof, type ChainProofOptions } from '../verify/verify-chain-proof.ts';
export type { CheckedProof, CheckedStep } from '../verify/checked-proof.ts';
