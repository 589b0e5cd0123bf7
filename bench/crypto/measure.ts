/**
 * Measures both back ends and the official client, operation by operation, in one run and in turns, so that other load on the
 * machine affects all of them. Runs in Node and in browsers, and depends on neither.
 */
import { blake2s } from '../../src/crypto/blake2s.ts';
import { fq3 } from '../../src/crypto/mnt6/fq3.ts';
import { loadFma } from '../../src/crypto/wasm/load-fma.ts';
import { officialOperations, operationsOf } from './operations.ts';
import type { Inputs, OfficialClient } from './operations.ts';
import { fromText } from './plain-text.ts';

export { proveElections } from './prove-elections.ts';
export { verifyHere } from './verify-here.ts';

/** Milliseconds of one operation, one value per round. */
export interface Row {
  readonly name: string;
  readonly bigint: readonly number[];
  /** Missing where the engine cannot run the module. */
  readonly wasm?: readonly number[];
  /** Missing where the client does not expose the operation. */
  readonly official?: readonly number[];
}

export interface Measurement {
  /** The reason why there is no WebAssembly. */
  readonly refused?: string;
  readonly rows: readonly Row[];
}

/** Rounds that run first and do not count. */
const WARM_UP = 3;

export function measureCrypto({ rounds, inputs, official }: { rounds: number; inputs: string; official: OfficialClient }): Measurement {
  const { loaded, refused } = loadFma();
  const given = fromText(inputs) as Inputs;
  const sides = {
    bigint: operationsOf(fq3, blake2s, given),
    ...(loaded ? { wasm: operationsOf(loaded.field, loaded.blake2s, given) } : {}),
    official: officialOperations(official),
  };
  const values = Object.keys(sides.bigint).map((name) => ({ name, times: Object.entries(sides).flatMap(([side, operations]) => (operations[name] ? [{ side, operation: operations[name], times: [] as number[] }] : [])) }));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const { times } of values) {
      for (const each of round % 2 === 0 ? times : times.toReversed()) {
        const begun = performance.now();
        each.operation.run();
        const time = (performance.now() - begun) / each.operation.times;
        if (round >= 0) each.times.push(time);
      }
    }
  }
  const rows = values.map(({ name, times }) => ({ name, ...Object.fromEntries(times.map(({ side, times }) => [side, times])) }) as unknown as Row);
  return { rows, ...(refused ? { refused } : {}) };
}
