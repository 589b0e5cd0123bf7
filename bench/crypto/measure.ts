/**
 * Both back ends, operation by operation, in one run and in turns, so that what else the machine does falls on both. Runs in Node and
 * in browsers; knows neither.
 */
import { blake2s } from '../../src/crypto/blake2s.ts';
import { finish } from '../../src/crypto/finish.ts';
import { keyTreeRoot } from '../../src/crypto/key-tree.ts';
import { G1_GENERATOR } from '../../src/crypto/mnt6/constants.ts';
import type { Fq3Backend } from '../../src/crypto/mnt6/fq3-backend.ts';
import { fq3 } from '../../src/crypto/mnt6/fq3.ts';
import { mnt6 } from '../../src/crypto/mnt6/mnt6.ts';
import { loadFma } from '../../src/crypto/wasm/load-fma.ts';

export interface Row {
  readonly name: string;
  /** How often in a sample, of which the time is a part. */
  readonly times: number;
  /** Milliseconds of one operation, a value per round. */
  readonly bigint: readonly number[];
  /** Missing where the engine does not run the module. */
  readonly wasm?: readonly number[];
}

export interface Measurement {
  /** Why there is no WebAssembly. */
  readonly refused?: string;
  readonly rows: readonly Row[];
}

interface Operation {
  readonly times: number;
  run(): void;
}

/** Rounds before those that count. */
const WARM_UP = 3;

function operationsOf<E>(field: Fq3Backend<E>, hash: (bytes: Uint8Array) => Uint8Array): Readonly<Record<string, Operation>> {
  const { g2, pairing, encoding } = mnt6(field);
  const { x: a, y: b } = g2.generator;
  const prepared = finish(pairing.prepareSteps(g2.generator));
  const compressed = encoding.encode(g2.generator);
  const fq6 = { a0: a, a1: b };
  const at = { inverseY: field.fromFq(G1_GENERATOR.x), xOverY: field.fromFq(G1_GENERATOR.y) };
  const scalar = (1n << 752n) / 3n;
  const slots = Array.from({ length: 512 }, (_, i) => ({ compressed: Uint8Array.from({ length: 285 }, (_, k) => i + k * (i >> 8)), slots: 1 }));
  /** Releases what it leaves. */
  const operation = (times: number, run: () => unknown): Operation => ({
    times,
    run() {
      const mark = field.mark();
      for (let i = 0; i < times; i++) run();
      field.release(mark, []);
    },
  });
  const pair = (count: number) => Array.from({ length: count }, () => ({ p: G1_GENERATOR, q: prepared }));
  return {
    'Fq3 addition': operation(1000, () => field.add(a, b)),
    'Fq3 multiplication': operation(500, () => field.multiply(a, b)),
    'Fq3 squaring': operation(500, () => field.square(a)),
    'Fq6 multiplication': operation(200, () => field.multiplyFq6(fq6, fq6)),
    'Fq6 squaring': operation(200, () => field.squareFq6(fq6)),
    'Fq6 squaring, norm one': operation(200, () => field.squareNormOne(fq6)),
    'Fq6 times a line': operation(200, () => field.multiplyByLine(fq6, { k0: a, k1: b, k2: a }, at)),
    'three square roots in Fq': operation(1, () => finish(field.sqrtFqManySteps([4n, 9n, 25n]))),
    'lines of a point of G2': operation(1, () => finish(pairing.prepareSteps(g2.generator))),
    'product of two pairings, lines prepared': operation(1, () => finish(pairing.productSteps(pair(2)))),
    pairing: operation(1, () => finish(pairing.productSteps([{ p: G1_GENERATOR, q: finish(pairing.prepareSteps(g2.generator)) }]))),
    'G2 times a scalar of 752 bits': operation(1, () => finish(g2.multiplySteps(g2.generator, scalar))),
    'public key decoded and checked': operation(1, () => finish(encoding.decodeSteps(compressed))),
    'tree over 512 different voting keys': operation(1, () => keyTreeRoot(slots, hash)),
  };
}

export function measureCrypto({ rounds }: { rounds: number }): Measurement {
  const { loaded, refused } = loadFma();
  const reference = operationsOf(fq3, blake2s);
  const candidate = loaded && operationsOf(loaded.field, loaded.blake2s);
  const rows = Object.entries(reference).map(([name, { times }]) => ({ name, times, bigint: [] as number[], ...(candidate ? { wasm: [] as number[] } : {}) }));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const row of rows) {
      const samples = [
        [reference, row.bigint],
        [candidate, row.wasm],
      ] as const;
      for (const [operations, values] of round % 2 === 0 ? samples : samples.toReversed()) {
        if (!operations || !values) continue;
        const begun = performance.now();
        operations[row.name]!.run();
        const value = (performance.now() - begun) / row.times;
        if (round >= 0) values.push(value);
      }
    }
  }
  return { rows, ...(refused ? { refused } : {}) };
}
