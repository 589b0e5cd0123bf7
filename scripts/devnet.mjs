/** `npm run devnet`: installs what is missing and starts the local network alone. */

import { ensureInstalled } from './setup.mjs';

ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
await import('../devnet/main.ts');
