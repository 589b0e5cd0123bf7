/**
 * Whether an Ed25519 signature of 64 bytes is valid, by the equation without cofactor, as the library of the moloch crates checks it (Moloch reference, 1): another signature with
 * a torsion part in R is refused. Accepts any input; rejects never.
 */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;
