import { fieldsOf } from './port.ts';

/** Something that the security policy refused in a worker: nobody outside it sees that. */
export interface PolicyViolation {
  readonly directive: string;
  readonly blocked: string;
}

/** Characters kept of each; more is no use to a reader. */
const MAX_LENGTH = 200;

/** Calls `listener` for all that the policy refuses in this worker, but for WebAssembly, which a policy may leave out: there is BigInt. */
export function onPolicyViolation(listener: (violation: PolicyViolation) => void): void {
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    if (blockedURI !== 'wasm-eval') listener({ directive: violatedDirective, blocked: blockedURI });
  });
}

/** Reads what a verifier says of it; `undefined` if it is none. */
export function readPolicyViolation(data: unknown): PolicyViolation | undefined {
  const { directive, blocked } = fieldsOf(data) ?? {};
  if (typeof directive !== 'string' || typeof blocked !== 'string') return undefined;
  return { directive: directive.slice(0, MAX_LENGTH), blocked: blocked.slice(0, MAX_LENGTH) };
}
