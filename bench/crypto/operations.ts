/** The measured operations, for either back end, and those of them that the official client exposes. */
import { finish } from '../../src/crypto/finish.ts';
import { zkProofVerifierOf } from '../../src/crypto/groth16.ts';
import type { ZkProofJob } from '../../src/crypto/jobs.ts';
import { keyTreeRoot } from '../../src/crypto/key-tree.ts';
import { fromLittleEndian } from '../../src/crypto/little-endian.ts';
import { G1_GENERATOR, R } from '../../src/crypto/mnt6/constants.ts';
import { decodeG1Steps } from '../../src/crypto/mnt6/encoding.ts';
import type { Fq3Backend } from '../../src/crypto/mnt6/fq3-backend.ts';
import { hashToG1Steps } from '../../src/crypto/mnt6/hash-to-g1.ts';
import { mnt6 } from '../../src/crypto/mnt6/mnt6.ts';
import type { PreparedG2 } from '../../src/crypto/mnt6/pairing.ts';

export interface Operation {
  /** Runs per sample. A browser's clock has ticks of 0.1 ms, and a sample should take many of them. */
  readonly times: number;
  run(): void;
}

/** The parts of `@nimiq/core` that are curve operations. */
export interface OfficialClient {
  readonly BLSPublicKey: {
    derive(secret: object): { serialize(): Uint8Array; free(): void };
    deserialize(bytes: Uint8Array): { free(): void };
  };
  readonly BLSSecretKey: { generate(): { serialize(): Uint8Array } };
}

/** The inputs, the same for all back ends. */
export interface Inputs {
  /** 95 bytes, below the order of the group. */
  readonly secret: Uint8Array;
  /** A BLS signature of `sigHash`; 95 and 32 bytes. */
  readonly signature: Uint8Array;
  readonly sigHash: Uint8Array;
  readonly proof: ZkProofJob;
}

/** Number of results after which the memory of all results is released. */
const KEPT = 100;

/** The name of the operation that has a goal. */
export const PAIRING = 'pairing';
export const GROTH16 = 'Groth16 core: lines of B, three pairs';
export const DERIVE = 'public key derived: G2 times a scalar';
export const DECODE = 'public key decoded and checked';

export function operationsOf<E>(field: Fq3Backend<E>, hash: (bytes: Uint8Array) => Uint8Array, inputs: Inputs): Readonly<Record<string, Operation>> {
  const curve = mnt6(field);
  const { g2, pairing, encoding } = curve;
  const { x: a, y: b } = g2.generator;
  const prepared = finish(pairing.prepareSteps(g2.generator));
  const compressed = encoding.encode(g2.generator);
  const some = [a, b, field.add(a, b)];
  const fq6 = { a0: a, a1: b };
  const at = { inverseY: field.fromFq(G1_GENERATOR.x), xOverY: field.fromFq(G1_GENERATOR.y) };
  const scalar = fromLittleEndian(inputs.secret) % R;
  const slots = Array.from({ length: 512 }, (_, i) => ({ compressed: Uint8Array.from({ length: 285 }, (_, k) => i + k * (i >> 8)), slots: 1 }));
  const verifyProofSteps = zkProofVerifierOf(curve);
  /** Results are stored here, so that no engine optimises an unused result away. */
  const results: unknown[] = [];
  /** Runs the operation and releases its results often enough that they stay in the processor's cache. */
  const operation = (times: number, run: (i: number) => unknown): Operation => ({
    times,
    run() {
      const mark = field.mark();
      for (let i = 0; i < times; i++) {
        results[i % KEPT] = run(i);
        if (i % KEPT === KEPT - 1) field.release(mark, []);
      }
      field.release(mark, []);
    },
  });
  const prepare = () => finish(pairing.prepareSteps(g2.generator));
  const pairs = (...points: PreparedG2<E>[]) => points.map((q) => ({ p: G1_GENERATOR, q }));
  const millerLoop = (count: number) => operation(1, () => finish(pairing.millerLoopSteps(pairs(...Array.from({ length: count }, () => prepared)))));
  const verifyBls = () => {
    const signature = finish(decodeG1Steps(inputs.signature));
    if (!signature || signature === 'infinity') throw new Error('no signature');
    const message = finish(hashToG1Steps(inputs.sigHash));
    return finish(pairing.isProductOneSteps([{ p: signature, q: prepared }, { p: message, q: prepare() }]));
  };
  return {
    // The operand changes, so that no engine moves the addition out of the loop.
    'Fq3 addition': operation(20_000, (i) => field.add(some[i % some.length]!, b)),
    'Fq3 multiplication': operation(4000, () => field.multiply(a, b)),
    'Fq3 squaring': operation(4000, () => field.square(a)),
    'Fq6 multiplication': operation(1000, () => field.multiplyFq6(fq6, fq6)),
    'Fq6 squaring': operation(1000, () => field.squareFq6(fq6)),
    'Fq6 squaring, norm one': operation(1000, () => field.squareNormOne(fq6)),
    'Fq6 times a line': operation(1000, () => field.multiplyByLine(fq6, { k0: a, k1: b, k2: a }, at)),
    'three square roots in Fq': operation(1, () => finish(field.sqrtFqManySteps([4n, 9n, 25n]))),
    'lines of a point of G2 prepared': operation(1, prepare),
    'Miller loop': millerLoop(1),
    'Miller loop, two pairs': millerLoop(2),
    'Miller loop, three pairs': millerLoop(3),
    'final exponentiation': operation(1, () => finish(pairing.finalExponentiationSteps(fq6))),
    [PAIRING]: operation(1, () => finish(pairing.productSteps(pairs(prepare())))),
    'BLS verification, keys not seen before': operation(1, verifyBls),
    [GROTH16]: operation(1, () => finish(pairing.productSteps(pairs(prepare(), prepared, prepared)))),
    'Groth16 proof, whole': operation(1, () => {
      if (!finish(verifyProofSteps(inputs.proof))) throw new Error('the proof was refused');
    }),
    [DERIVE]: operation(1, () => encoding.encode(g2.toAffine(finish(g2.multiplySteps(g2.generator, scalar))))),
    'G2 subgroup check': operation(1, () => finish(g2.isInSubgroupSteps(g2.generator))),
    'G2 decompression without it': operation(1, () => finish(g2.ySteps(a))),
    [DECODE]: operation(1, () => finish(encoding.decodeSteps(compressed))),
    'tree over 512 different voting keys': operation(1, () => keyTreeRoot(slots, hash)),
  };
}

export function officialOperations({ BLSPublicKey, BLSSecretKey }: OfficialClient): Readonly<Record<string, Operation>> {
  const secret = BLSSecretKey.generate();
  const compressed = BLSPublicKey.derive(secret).serialize();
  return {
    [DERIVE]: { times: 1, run: () => BLSPublicKey.derive(secret).free() },
    [DECODE]: { times: 1, run: () => BLSPublicKey.deserialize(compressed).free() },
  };
}
