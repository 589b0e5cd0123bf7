import { fieldsOf } from '../ports/port.ts';

/** Something that the security policy blocked in a worker. Only the worker itself gets the event. */
export interface PolicyViolation {
  readonly directive: string;
  readonly blocked: string;
}

/** Maximum characters kept of each text; more would not help a reader. */
const MAX_LENGTH = 200;

/**
 * Calls `listener` for everything that the policy blocks in this worker, except WebAssembly: a policy may forbid that, and BigInt is used
 * instead.
 */
export function onPolicyViolation(listener: (violation: PolicyViolation) => void): void {
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    if (blockedURI !== 'wasm-eval') listener({ directive: violatedDirective, blocked: blockedURI });
  });
}

/** Reads a verifier's report of a violation; `undefined` if it is not valid. */
export function readPolicyViolation(data: unknown): PolicyViolation | undefined {
  const { directive, blocked } = fieldsOf(data) ?? {};
  if (typeof directive !== 'string' || typeof blocked !== 'string') return undefined;
  return { directive: directive.slice(0, MAX_LENGTH), blocked: blocked.slice(0, MAX_LENGTH) };
}
