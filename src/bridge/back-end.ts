/**
 * What a verifier computes pairings on, in its own words: they come from a page, and nothing but what a person sees depends on them.
 * @module
 */
import type { FmaRefusal } from '../crypto/wasm/load-fma.ts';
import { fieldsOf } from './port.ts';

/** Why it is BigInt. `starting`: it has not said yet. `not-loaded`: the script with WebAssembly did not come. */
export type BackEndReason = FmaRefusal | 'starting' | 'not-loaded';

export type BackEnd = { readonly backend: 'wasm'; readonly reason?: undefined } | { readonly backend: 'bigint'; readonly reason: BackEndReason };

const reasons: Readonly<Record<BackEndReason, true>> = {
  starting: true,
  'not-loaded': true,
  'no-wasm': true,
  csp: true,
  'no-relaxed-simd': true,
  'not-fused': true,
  'wrong-answer': true,
};

/** `undefined` if it is none. */
export function readBackEnd(data: unknown): BackEnd | undefined {
  const { backend, reason } = fieldsOf(data) ?? {};
  if (backend === 'wasm') return { backend };
  return backend === 'bigint' && typeof reason === 'string' && Object.hasOwn(reasons, reason) ? { backend, reason: reason as BackEndReason } : undefined;
}
