/** `npm run devnet`: the local network alone, with everything it needs installed first. */

import { ensureInstalled } from './setup.mjs';

ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
await import('../devnet/main.ts');
