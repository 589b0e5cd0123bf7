/**
 * The ZKP verifier: the same jobs as the signature verifiers', in a worker of its own, so that no block waits for a proof. It is lent when a
 * proof is to be checked and given back soon after.
 * @module
 */

import './signatures.ts';
