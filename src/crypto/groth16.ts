/**
 * Groth16 over MNT6-753, for the proofs of the chain (Albatross cryptography reference, 7): e(A, B) e(L, -gamma) e(C, -delta) = e(alpha,
 * beta), where L is the sum of the key's input points, each multiplied by its public input. Everything except A, B, C and the term of the
 * final hash is the same for every proof of a network, and is computed once.
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { BoundedCache } from '../base/bounded-cache.ts';
import { decodeG1Steps } from './mnt6/encoding.ts';
import type { Fq3Store, Fq6 } from './mnt6/fq3-backend.ts';
import type { Fq3 } from './mnt6/fq3.ts';
import type { Fq } from './mnt6/fq.ts';
import { g1 } from './mnt6/g1.ts';
import type { G1Affine } from './mnt6/g1.ts';
import type { Affine, Jacobian } from './mnt6/jacobian.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';
import type { PreparedG2 } from './mnt6/pairing.ts';
import { decodeVerifyingKey } from './verifying-key.ts';
import type { VerifyingKey } from './verifying-key.ts';
import { publicInputs } from './zk-public-inputs.ts';
import type { ZkStatement } from './zk-public-inputs.ts';

/** A statement, a proof of it, and the verifying key for both. */
export interface ProvenStatement extends ZkStatement {
  /**
   * 475 bytes: A (95), B (285), C (95), compressed. Extra bytes are refused here; arkworks, which the reference uses, would ignore them.
   */
  readonly proof: Uint8Array;
  /** 3048 bytes; see `verifying-key.ts`. */
  readonly verifyingKey: Uint8Array;
}

/** Whether the proof proves the statement. Accepts any bytes. Runs in steps of at most a few milliseconds. */
export type ZkProofVerifier = (statement: ProvenStatement) => Generator<void, boolean>;

const G1_LENGTH = 95;
const G2_LENGTH = 285;
export const PROOF_LENGTH = G1_LENGTH + G2_LENGTH + G1_LENGTH;

/** The public input that differs from proof to proof. */
const FINAL_HASH = 1;

/** One network at a time, or two while one replaces the other; 1 MB each. */
const CACHE_CAPACITY = 2;

/** The values that all proofs of a network share; outlives the job. */
interface Prepared<E> {
  /** e(alpha, beta): a0, a1. */
  readonly alphaBeta: Fq3Store<E>;
  readonly minusGamma: PreparedG2<E>;
  readonly minusDelta: PreparedG2<E>;
  /** The sum over all inputs except the final hash. */
  readonly constant: Jacobian<Fq>;
  /** The point of the final hash. */
  readonly finalHash: G1Affine;
}

interface ProofPoints<E> {
  readonly a: G1Affine;
  readonly b: Affine<E>;
  readonly c: G1Affine;
}

export function zkProofVerifierOf<E>({ field, g2, encoding, pairing }: Mnt6<E>): ZkProofVerifier {
  /** By key, genesis hash and commitment in hex. */
  const known = new BoundedCache<Prepared<E>>(CACHE_CAPACITY);

  /** Undefined unless all three are finite points of their groups. */
  function* decodeSteps(bytes: Uint8Array): Generator<void, ProofPoints<E> | undefined> {
    if (bytes.length !== PROOF_LENGTH) return undefined;
    const a = yield* decodeG1Steps(bytes.subarray(0, G1_LENGTH));
    if (!a || a === 'infinity') return undefined;
    const c = yield* decodeG1Steps(bytes.subarray(G1_LENGTH + G2_LENGTH));
    if (!c || c === 'infinity') return undefined;
    // Decoded last, because it costs fifteen times as much as the others.
    const b = yield* encoding.decodeSteps(bytes.subarray(G1_LENGTH, G1_LENGTH + G2_LENGTH));
    return b && b !== 'infinity' ? { a, b, c } : undefined;
  }

  const here = ({ x, y }: Affine<Fq3>): Affine<E> => ({ x: field.fromCoefficients(x), y: field.fromCoefficients(y) });

  function* prepareSteps({ alpha, beta, gamma, delta, inputs: points }: VerifyingKey, inputs: readonly bigint[]): Generator<void, Prepared<E>> {
    const [one, ...rest] = points;
    const terms = rest.flatMap((point, i) => (i === FINAL_HASH ? [] : [{ point, scalar: inputs[i]! }]));
    const constant = g1.add(yield* g1.sumOfMultiplesSteps(terms), one!);
    const value = yield* pairing.productSteps([{ p: alpha, q: yield* pairing.prepareSteps(here(beta)) }]);
    const alphaBeta = field.createStore(2);
    alphaBeta.push(value.a0);
    alphaBeta.push(value.a1);
    return {
      alphaBeta,
      minusGamma: yield* pairing.prepareSteps(g2.negate(here(gamma))),
      minusDelta: yield* pairing.prepareSteps(g2.negate(here(delta))),
      constant,
      finalHash: rest[FINAL_HASH]!,
    };
  }

  return function* verifyZkProofSteps({ proof, verifyingKey, ...statement }) {
    const inputs = publicInputs(statement);
    const key = inputs && decodeVerifyingKey(verifyingKey);
    const points = key && (yield* decodeSteps(proof));
    if (!points) return false;
    const name = [verifyingKey, statement.genesisHash, statement.keysCommitment].map(bytesToHex).join();
    const prepared = known.get(name) ?? (yield* prepareSteps(key, inputs));
    known.set(name, prepared);
    const inputSum = g1.toAffine(yield* addMultipleSteps(prepared.constant, prepared.finalHash, inputs[FINAL_HASH]!));
    const product: Fq6<E> = yield* pairing.productSteps([
      { p: points.a, q: yield* pairing.prepareSteps(points.b) },
      // The pairing of infinity is one.
      ...(inputSum === 'infinity' ? [] : [{ p: inputSum, q: prepared.minusGamma }]),
      { p: points.c, q: prepared.minusDelta },
    ]);
    return pairing.fq6.equals(product, { a0: prepared.alphaBeta.get(0), a1: prepared.alphaBeta.get(1) });
  };
}

/** sum + [scalar] point. */
function* addMultipleSteps(sum: Jacobian<Fq>, point: G1Affine, scalar: bigint): Generator<void, Jacobian<Fq>> {
  const multiple = g1.toAffine(yield* g1.multiplySteps(point, scalar));
  return multiple === 'infinity' ? sum : g1.add(sum, multiple);
}
