/**
 * Verification jobs that are too slow for the hub's own thread, as values that survive `postMessage`. A job has no state, so a lost job can
 * be sent again. The runner is `run-job.ts`.
 * @module
 */

/** The proposer's part of a block: its VRF seed and, for a micro block, the signature over the header hash. */
export interface ProposerJob {
  readonly kind: 'proposer';
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 96 bytes each. */
  readonly seed: Uint8Array;
  readonly previousSeed: Uint8Array;
  readonly blockNumber: number;
  /** `hash` 32 bytes, `bytes` 64 bytes. Absent for macro blocks. */
  readonly signature?: { readonly hash: Uint8Array; readonly bytes: Uint8Array } | undefined;
}

/** A voting key with the number of slots it signs for. */
export interface WeightedKey {
  /** 285 bytes, compressed G2. */
  readonly compressed: Uint8Array;
  /** The affine point as 570 bytes, as an earlier job returned it in `decoded`; saves the decoding and the subgroup check. */
  readonly decoded?: Uint8Array | undefined;
  readonly weight: number;
}

/** An aggregate BLS signature over a 32-byte message hash: the justification of a macro block or of a skip block. */
export interface MultiSignatureJob {
  readonly kind: 'multi-signature';
  readonly sigHash: Uint8Array;
  /** 95 bytes, compressed G1. */
  readonly signature: Uint8Array;
  readonly signers: readonly WeightedKey[];
}

/** Checks that all of these voting keys are points of the prime-order subgroup, and that none is infinity. */
export interface KeysJob {
  readonly kind: 'keys';
  readonly keys: readonly Uint8Array[];
}

/** The voting keys of one list and the number of slots of each, in order; as returned by `slotKeys`. */
export type KeyList = readonly { readonly compressed: Uint8Array; readonly slots: number }[];

/** Many aggregate signatures, each over its own message, verified together by a random linear combination. */
export interface JustificationsJob {
  readonly kind: 'justifications';
  /** The distinct keys of all items, at most 2048; 285 and 570 bytes as in `WeightedKey`. */
  readonly keys: readonly { readonly compressed: Uint8Array; readonly decoded?: Uint8Array | undefined }[];
  /** At most 1024. An item is valid exactly if it would be valid as a `multi-signature` job. */
  readonly items: readonly {
    /** 32 bytes; 95 bytes. */
    readonly sigHash: Uint8Array;
    readonly signature: Uint8Array;
    /** `key` is an index into `keys`. */
    readonly signers: readonly { readonly key: number; readonly weight: number }[];
  }[];
}

/** The roots of the voting-key trees of election blocks of version 1. Each takes BLAKE2s over 146 kB; at most 1024. */
export interface KeyRootsJob {
  readonly kind: 'key-roots';
  readonly lists: readonly KeyList[];
}

/** A Groth16 proof that a chain of election blocks leads from the genesis block to the final one. */
export interface ZkProofJob {
  readonly kind: 'zk-proof';
  /** 475 bytes. */
  readonly proof: Uint8Array;
  /** 3048 bytes, as in `merger_wrapper.bin`. */
  readonly verifyingKey: Uint8Array;
  /** 190 bytes. */
  readonly keysCommitment: Uint8Array;
  /** BLAKE2s of the two headers, 32 bytes each. */
  readonly genesisHash: Uint8Array;
  readonly finalHash: Uint8Array;
}

/** Ed25519 signatures by the equation without cofactor (`ed25519-strict.ts`), at most 4096. Invalid from the first that is invalid on. */
export interface Ed25519StrictJob {
  readonly kind: 'ed25519-strict';
  /** 32 bytes, any length, 64 bytes. */
  readonly signatures: readonly { readonly publicKey: Uint8Array; readonly message: Uint8Array; readonly signature: Uint8Array }[];
}

/** One BLS12-381 signature of one message by several keys: the sum of the signatures under the sum of the keys (`bls12-381.ts`). */
export interface Bls12381Job {
  readonly kind: 'bls12-381';
  /** Compressed G2, 96 bytes each, at most 1024. */
  readonly keys: readonly Uint8Array[];
  readonly message: Uint8Array;
  /** Compressed G1, 48 bytes. */
  readonly signature: Uint8Array;
}

/**
 * The keys that made secp256k1 signatures of 32-byte messages (`secp256k1-recover.ts`), at most 8192. The result has them in `keys`. Invalid from
 * the first signature on that no key can have made.
 */
export interface Secp256k1RecoverJob {
  readonly kind: 'secp256k1-recover';
  /** 32 bytes; 65 bytes: recovery id (0 to 3), r, s. */
  readonly signatures: readonly { readonly message: Uint8Array; readonly signature: Uint8Array }[];
}

/**
 * Chains of SHA-512/256: each link is hashed with the result before it in its hole (`hash-chains.ts`). The result has the last hash of each chain in
 * `roots`. Valid for any bytes of the right form, at most 128 chains of at most 16 MiB in all.
 */
export interface HashChainsJob {
  readonly kind: 'hash-chains';
  readonly chains: readonly HashChain[];
}

export interface HashChain {
  /** 32 bytes: what the hole of the first link is filled with. */
  readonly start: Uint8Array;
  /** `hole`: where in `bytes` the 32 bytes of the hash before it belong. */
  readonly links: readonly { readonly bytes: Uint8Array; readonly hole: number }[];
}

/** The last four are run by code that `steps-of.ts` loads when the first such job comes; a runner of `run-job.ts` calls them invalid. */
export type VerificationJob = ProposerJob | MultiSignatureJob | KeysJob | JustificationsJob | KeyRootsJob | ZkProofJob | Ed25519StrictJob | Bls12381Job | Secp256k1RecoverJob | HashChainsJob;

/** A voting key as decoded and checked: `point` is 570 bytes, x then y, six 95-byte little-endian coefficients. */
export interface DecodedKey {
  readonly compressed: Uint8Array;
  readonly point: Uint8Array;
}

export type JobFailure = 'seed' | 'signature' | 'multi-signature' | 'voting-key' | 'zk-proof';

export type JobResult =
  | {
      readonly valid: true;
      readonly decoded: readonly DecodedKey[];
      /** For a `key-roots` job: 32 bytes for each list. For a `hash-chains` job: for each chain. */
      readonly roots?: readonly Uint8Array[] | undefined;
      /** For a `secp256k1-recover` job: the compressed key of each signature, 33 bytes. */
      readonly keys?: readonly Uint8Array[] | undefined;
    }
  | {
      readonly valid: false;
      readonly failure: JobFailure;
      readonly decoded: readonly DecodedKey[];
      /** For `justifications`, `ed25519-strict` and `secp256k1-recover`: the index of the first invalid item. */
      readonly at?: number | undefined;
    };

/** `background`: all other waiting jobs go first. */
export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly background?: boolean | undefined;
}

/** Runs a job somewhere: a worker, or slices of the caller's own thread. Rejects only when aborted or shut down. */
export type Verify = (job: VerificationJob, options?: VerifyOptions) => Promise<JobResult>;
