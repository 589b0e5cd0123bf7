/**
 * The check before the WebAssembly back end is used: whether this engine has the features, may run the module, and computes correctly.
 * JavaScriptCore on x64 accepts the instruction but rounds twice, so checking that the module is valid is not enough.
 * @module
 */
import { blake2s } from '../blake2s.ts';
import { finish } from '../finish.ts';
import { toLittleEndian } from '../little-endian.ts';
import { G1_GENERATOR } from '../mnt6/constants.ts';
import type { Fq3Backend } from '../mnt6/fq3-backend.ts';
import { mnt6 } from '../mnt6/mnt6.ts';
import { fmaBlake2s } from './fma-blake2s.ts';
import type { FmaExports } from './fma-exports.ts';
import { fmaFq3 } from './fma-fq3.ts';
import { MODULE_BYTES } from './module-bytes.ts';

/**
 * Why BigInt is used instead: no WebAssembly at all; forbidden by the page's policy; no relaxed SIMD; multiply-add is not fused; or a wrong
 * result in spite of all that.
 */
export type FmaRefusal = 'no-wasm' | 'csp' | 'no-relaxed-simd' | 'not-fused' | 'wrong-answer';

export interface FmaModule {
  readonly field: Fq3Backend<number>;
  /** The 32-byte digest. */
  readonly blake2s: (bytes: Uint8Array) => Uint8Array;
}

export type FmaLoading = { readonly loaded: FmaModule; readonly refused?: undefined } | { readonly loaded?: undefined; readonly refused: FmaRefusal };

/** BLAKE2s over the six coefficients, 95 bytes each, of e(G1, G2), and over 200 bytes from 0 upwards. */
const KNOWN_PAIRING = 'bd49ac2330a681c1915641589f3d11e64aa7a696a97cd60776dee38465f2e017';
const KNOWN_DIGEST = '6d244e1a06ce4ef578dd0f63aff0936706735119ca9c8d22d86c801414ab9741';

/** The part of `globalThis.WebAssembly` that the check needs. */
export type WebAssemblyLike = Pick<typeof WebAssembly, 'validate' | 'Module' | 'Instance'>;

/**
 * The module, checked by a whole pairing (some 50 ms, which also warms it up), or the reason why it cannot be used. Never throws. Blocks
 * the thread meanwhile, so it is for workers.
 */
export function loadFma(wasm: WebAssemblyLike | undefined = globalThis.WebAssembly): FmaLoading {
  if (!wasm) return { refused: 'no-wasm' };
  const bytes = moduleBytes();
  let module: FmaExports;
  try {
    if (!wasm.validate(bytes)) return { refused: 'no-relaxed-simd' };
  } catch {
    return { refused: 'no-wasm' };
  }
  try {
    module = new wasm.Instance(new wasm.Module(bytes)).exports as unknown as FmaExports;
  } catch {
    return { refused: 'csp' };
  }
  try {
    if (!isFused(module)) return { refused: 'not-fused' };
    const loaded: FmaModule = { field: fmaFq3(module), blake2s: fmaBlake2s(module) };
    return pairingDigest(loaded.field) === KNOWN_PAIRING && hex(loaded.blake2s(Uint8Array.from({ length: 200 }, (_, i) => i))) === KNOWN_DIGEST ? { loaded } : { refused: 'wrong-answer' };
  } catch {
    return { refused: 'wrong-answer' };
  }
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const text = atob(MODULE_BYTES);
  const bytes = new Uint8Array(text.length);
  // Not `Uint8Array.from` with a function, which takes 10 ms in an engine that has just started.
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** (2^27 + 1)² = 2^54 + 2^28 + 1 needs 55 bits; if it is rounded before the subtraction, the final 1 is lost. */
function isFused(module: FmaExports): boolean {
  return module.multiplyAdd(2 ** 27 + 1, 2 ** 27 + 1, -(2 ** 54 + 2 ** 28)) === 1;
}

/** The digest of e(G1, G2), computed from scratch. */
export function pairingDigest<E>(field: Fq3Backend<E>): string {
  const mark = field.mark();
  const { g2, pairing } = mnt6(field);
  const { a0, a1 } = finish(pairing.productSteps([{ p: G1_GENERATOR, q: finish(pairing.prepareSteps(g2.generator)) }]));
  const coefficients = [a0, a1].flatMap((half) => Object.values(field.toCoefficients(half)) as bigint[]);
  field.release(mark, []);
  return hex(blake2s(Uint8Array.from(coefficients.flatMap((value) => [...toLittleEndian(value, 95)]))));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
