/**
 * The entry `petrel/keys`: keys, addresses and transactions under the names of the official client, without network, workers or WASM.
 * @module
 */

export { AddressTextError, type AddressTextErrorCode } from '../chains/albatross/transactions/address-text.ts';
export { Address } from '../keys/address.ts';
export { KeyPair } from '../keys/key-pair.ts';
export { KeysError, type KeysErrorCode } from '../keys/keys-error.ts';
export { PrivateKey } from '../keys/private-key.ts';
export { PublicKey } from '../keys/public-key.ts';
export { Signature } from '../keys/signature.ts';
