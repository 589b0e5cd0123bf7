/**
 * The entry `petrel/keys`: keys, addresses and transactions under the names of the official client, without network, workers or WASM.
 * @module
 */

export { AddressTextError, type AddressTextErrorCode } from '../chains/albatross/transactions/address-text.ts';
export { Address } from '../keys/address.ts';
export { ArrayUtils } from '../keys/array-utils.ts';
export { BufferUtils } from '../keys/buffer-utils.ts';
export { Commitment } from '../keys/commitment.ts';
export { CommitmentPair } from '../keys/commitment-pair.ts';
export { CryptoUtils } from '../keys/crypto-utils.ts';
export { ExtendedPrivateKey } from '../keys/extended-private-key.ts';
export { Hash } from '../keys/hash.ts';
export { KeyPair } from '../keys/key-pair.ts';
export { KeysError, type KeysErrorCode } from '../keys/keys-error.ts';
export { MnemonicUtils } from '../keys/mnemonic-utils.ts';
export { NumberUtils } from '../keys/number-utils.ts';
export { PartialSignature } from '../keys/partial-signature.ts';
export { PrivateKey } from '../keys/private-key.ts';
export { PublicKey } from '../keys/public-key.ts';
export { RandomSecret } from '../keys/random-secret.ts';
export { Entropy, Secret } from '../keys/secret.ts';
export { SerialBuffer } from '../keys/serial-buffer.ts';
export { Signature } from '../keys/signature.ts';
export { signedMessageHash, signMessage, verifySignedMessage } from '../keys/signed-message.ts';
export { StringUtils } from '../keys/string-utils.ts';

export { CryptoInputError, type CryptoInputErrorCode } from '../crypto/crypto-input-error.ts';
