/** The code that `wasm.spec.ts` runs in the page. */
import { fq3 } from '../../src/crypto/mnt6/fq3.ts';
import { loadFma } from '../../src/crypto/wasm/load-fma.ts';
import { differences } from '../../test/support/field-differences.ts';

/** Why WebAssembly was refused, or the operations in which the two back ends differ; empty if all is well. */
export function probe(options: { seed: number; rounds: number }): { refused?: string; different?: string[] } {
  const { loaded, refused } = loadFma();
  return loaded ? { different: differences(fq3, loaded.field, options) } : { refused };
}
