/**
 * Groth16 over MNT6-753, for the proofs of the chain (Albatross cryptography reference, 7): e(A, B) e(L, -gamma) e(C, -delta) =
 * e(alpha, beta), where L is the sum of the key's input points, each as often as its public input says. All of it but A, B, C and the
 * part of the final hash is the same for every proof of a network, and is computed once.
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { BoundedCache } from './bounded-cache.ts';
import { decodeG1Steps, decodeG2Steps } from './mnt6/encoding.ts';
import type { Fq } from './mnt6/fq.ts';
import { equalsFq6 } from './mnt6/fq6.ts';
import type { Fq6 } from './mnt6/fq6.ts';
import { g1 } from './mnt6/g1.ts';
import type { G1Affine } from './mnt6/g1.ts';
import { g2 } from './mnt6/g2.ts';
import type { G2Affine } from './mnt6/g2.ts';
import type { Jacobian } from './mnt6/jacobian.ts';
import { pairingProductSteps, prepareSteps } from './mnt6/pairing.ts';
import type { PreparedG2 } from './mnt6/pairing.ts';
import { decodeVerifyingKey } from './verifying-key.ts';
import type { VerifyingKey } from './verifying-key.ts';
import { publicInputs } from './zk-public-inputs.ts';
import type { ZkStatement } from './zk-public-inputs.ts';

/** A statement, a proof for it, and the key that both are for. */
export interface ProvenStatement extends ZkStatement {
  /** 475 bytes: A (95), B (285), C (95), compressed. */
  readonly proof: Uint8Array;
  /** 3048 bytes; see `verifying-key.ts`. */
  readonly verifyingKey: Uint8Array;
}

const G1_LENGTH = 95;
const G2_LENGTH = 285;
export const PROOF_LENGTH = G1_LENGTH + G2_LENGTH + G1_LENGTH;

/** The public input that differs from proof to proof. */
const FINAL_HASH = 1;

/** What all proofs of a network share. */
interface Verifier {
  readonly alphaBeta: Fq6;
  readonly minusGamma: PreparedG2;
  readonly minusDelta: PreparedG2;
  /** The sum over all inputs but the final hash. */
  readonly constant: Jacobian<Fq>;
  /** The point of the final hash. */
  readonly finalHash: G1Affine;
}

/** One network at a time, two while one replaces the other; 1 MB each. By key, genesis hash and commitment in hex. */
const verifiers = new BoundedCache<Verifier>(2);

/** Whether the proof is one of the statement. Any bytes are answered, in steps of at most a few milliseconds. */
export function* verifyZkProofSteps({ proof, verifyingKey, ...statement }: ProvenStatement): Generator<void, boolean> {
  const inputs = publicInputs(statement);
  const key = inputs && decodeVerifyingKey(verifyingKey);
  const points = key && (yield* decodeProofSteps(proof));
  if (!points) return false;
  const name = [verifyingKey, statement.genesisHash, statement.keysCommitment].map(bytesToHex).join();
  const verifier = verifiers.get(name) ?? (yield* prepareVerifierSteps(key, inputs));
  verifiers.set(name, verifier);
  const sum = yield* addMultipleSteps(verifier.constant, verifier.finalHash, inputs[FINAL_HASH]!);
  const inputSum = g1.toAffine(sum);
  const product = yield* pairingProductSteps([
    { p: points.a, q: yield* prepareSteps(points.b) },
    // Of infinity the pairing is one.
    ...(inputSum === 'infinity' ? [] : [{ p: inputSum, q: verifier.minusGamma }]),
    { p: points.c, q: verifier.minusDelta },
  ]);
  return equalsFq6(product, verifier.alphaBeta);
}

interface ProofPoints {
  readonly a: G1Affine;
  readonly b: G2Affine;
  readonly c: G1Affine;
}

/** Undefined unless all three are finite points of their groups. */
function* decodeProofSteps(bytes: Uint8Array): Generator<void, ProofPoints | undefined> {
  if (bytes.length !== PROOF_LENGTH) return undefined;
  const a = yield* decodeG1Steps(bytes.subarray(0, G1_LENGTH));
  if (!a || a === 'infinity') return undefined;
  const c = yield* decodeG1Steps(bytes.subarray(G1_LENGTH + G2_LENGTH));
  if (!c || c === 'infinity') return undefined;
  // Last, as it costs fifteen times as much as the others.
  const b = yield* decodeG2Steps(bytes.subarray(G1_LENGTH, G1_LENGTH + G2_LENGTH));
  return b && b !== 'infinity' ? { a, b, c } : undefined;
}

function* prepareVerifierSteps({ alpha, beta, gamma, delta, inputs: points }: VerifyingKey, inputs: readonly bigint[]): Generator<void, Verifier> {
  const [one, ...rest] = points;
  let constant = g1.fromAffine(one!);
  for (const [i, point] of rest.entries()) if (i !== FINAL_HASH) constant = yield* addMultipleSteps(constant, point, inputs[i]!);
  return {
    alphaBeta: yield* pairingProductSteps([{ p: alpha, q: yield* prepareSteps(beta) }]),
    minusGamma: yield* prepareSteps(g2.negate(gamma)),
    minusDelta: yield* prepareSteps(g2.negate(delta)),
    constant,
    finalHash: rest[FINAL_HASH]!,
  };
}

/** sum + [scalar] point. */
function* addMultipleSteps(sum: Jacobian<Fq>, point: G1Affine, scalar: bigint): Generator<void, Jacobian<Fq>> {
  const multiple = g1.toAffine(yield* g1.multiplySteps(point, scalar));
  return multiple === 'infinity' ? sum : g1.add(sum, multiple);
}
