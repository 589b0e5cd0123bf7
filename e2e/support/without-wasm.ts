import { securityHeaders } from '../../scripts/headers.mjs';

const name = 'Content-Security-Policy';
const policy = securityHeaders[name].replace(" 'wasm-unsafe-eval'", '');
if (policy === securityHeaders[name]) throw new Error('the policy does not allow WebAssembly in the first place');

/** The headers of a host that allows no WebAssembly. */
export const withoutWasm = { ...securityHeaders, [name]: policy };
