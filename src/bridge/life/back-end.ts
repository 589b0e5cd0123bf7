/**
 * The back end on which a verifier computes pairings, as the verifier reports it. The report comes from a page, so it is used only for
 * display.
 * @module
 */
import type { FmaRefusal } from '../../crypto/wasm/load-fma.ts';
import { fieldsOf } from '../ports/port.ts';

/** Why it uses BigInt. `starting`: it has not reported yet. `not-loaded`: the script with WebAssembly did not load. */
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

/** `undefined` if the data is not a valid report. */
export function readBackEnd(data: unknown): BackEnd | undefined {
  const { backend, reason } = fieldsOf(data) ?? {};
  if (backend === 'wasm') return { backend };
  return backend === 'bigint' && typeof reason === 'string' && Object.hasOwn(reasons, reason) ? { backend, reason: reason as BackEndReason } : undefined;
}
